"""The same lapses by hand: one statement that writes every row that the sweep writes."""

LAPSE = """
WITH due AS (
    SELECT l.id AS lot_id, l.package_id, l.available AS sessions, l.lapses_at,
        (2 * l.value_left_minor * l.available + l.available + l.held) / (2 * (l.available + l.held)) AS value_minor,
        (2 * l.tax_left_minor * l.available + l.available + l.held) / (2 * (l.available + l.held)) AS tax_minor
    FROM lot l JOIN package p ON p.id = l.package_id
    WHERE l.available > 0 AND l.lapses_at <= $1 AND (p.disputed_at IS NULL OR l.lapses_at <= p.disputed_at)
    FOR NO KEY UPDATE OF l, p),
lapsed AS (
    UPDATE lot SET expired = lot.expired + d.sessions, available = 0, tax_left_minor = lot.tax_left_minor - d.tax_minor,
        value_left_minor = lot.value_left_minor - d.value_minor FROM due d WHERE lot.id = d.lot_id),
changed AS (
    UPDATE package p SET version = p.version + 1
    FROM (SELECT package_id, MAX(lapses_at) AS lapses_at, SUM(sessions) AS sessions, SUM(value_minor) AS value_minor,
            jsonb_agg(jsonb_build_object('lot_id', lot_id, 'sessions', sessions, 'value_minor', value_minor,
                'lapsed_at', lapses_at) ORDER BY lapses_at, lot_id) AS lots
        FROM due GROUP BY package_id) d
    WHERE p.id = d.package_id
    RETURNING 'op_' || left(replace(gen_random_uuid()::text, '-', ''), 26) AS operation_id, p.id, p.version, p.chain_id,
        p.home_branch_id, p.holder_id, p.currency, d.lapses_at, d.sessions, d.value_minor, d.lots),
operations AS (
    INSERT INTO operation (id, chain_id, act, principal, principal_id, branch_id, package_id, package_version,
        customer_id, effective_at, recorded_at, reason, outcome)
    SELECT operation_id, chain_id, 'lapse_package', 'SYSTEM', 'system', home_branch_id, id, version, holder_id,
        lapses_at, $1, '', jsonb_build_object('package_id', id, 'lots', lots, 'sessions', sessions,
            'value_minor', value_minor) FROM changed),
movements AS (
    INSERT INTO movement (operation_id, package_id, package_version, lot_id, source, target, sessions, value_minor,
        tax_minor, effective_at, branch_id)
    SELECT c.operation_id, c.id, c.version, d.lot_id, 'AVAILABLE', 'EXPIRED', d.sessions, d.value_minor, d.tax_minor,
        d.lapses_at, c.home_branch_id FROM changed c JOIN due d ON d.package_id = c.id),
lapses AS (
    SELECT 'jrn_' || left(replace(gen_random_uuid()::text, '-', ''), 26) AS entry_id, c.operation_id, c.id, c.chain_id,
        c.home_branch_id, c.currency, d.lapses_at, SUM(d.value_minor) AS value_minor
    FROM changed c JOIN due d ON d.package_id = c.id
    GROUP BY c.operation_id, c.id, c.chain_id, c.home_branch_id, c.currency, d.lapses_at HAVING SUM(d.value_minor) > 0),
entries AS (
    INSERT INTO journal_entry (id, chain_id, operation_id, event, posted_on, effective_at, currency)
    SELECT l.entry_id, l.chain_id, l.operation_id, 'LAPSE', CAST(l.lapses_at AT TIME ZONE b.time_zone AS DATE),
        l.lapses_at, l.currency FROM lapses l JOIN branch b ON b.id = l.home_branch_id)
INSERT INTO journal_line (entry_id, account, branch_id, debit_minor, credit_minor, package_id)
SELECT entry_id, account, home_branch_id, debit * value_minor, (1 - debit) * value_minor, id
FROM lapses CROSS JOIN (VALUES ('DEFERRED_REVENUE', 1), ('BREAKAGE_REVENUE', 0)) AS side (account, debit)
"""
