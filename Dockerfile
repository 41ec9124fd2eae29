# Carnet for production: `serve` by default; `worker` and `migrate` are other commands of the same image.
FROM python:3.11.14-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/carnet
COPY requirements/runtime.txt /src/requirements/runtime.txt
RUN /opt/carnet/bin/pip install --require-hashes -r /src/requirements/runtime.txt

COPY pyproject.toml README.md LICENSE /src/
COPY carnet /src/carnet
COPY domain /src/domain
COPY migrations /src/migrations
COPY schema /src/schema
COPY workers /src/workers
# hatchling is in the lock, so that nothing is fetched that has no hash
RUN /opt/carnet/bin/pip install --no-deps --no-build-isolation --no-index /src \
    && /opt/carnet/bin/python -m compileall -q /opt/carnet/lib

FROM python:3.11.14-slim-bookworm

RUN useradd --system --uid 10001 --create-home --home-dir /var/lib/carnet carnet \
    && install -d -o carnet -m 0750 /var/lib/carnet/plain-text
COPY --from=build /opt/carnet /opt/carnet

ENV PATH=/opt/carnet/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CARNET_HOME=/var/lib/carnet \
    CARNET_HOST=0.0.0.0 \
    CARNET_LOG_FORMAT=JSON

USER 10001
WORKDIR /var/lib/carnet
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]

ENTRYPOINT ["carnet"]
CMD ["serve"]
