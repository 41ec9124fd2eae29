"""Which packages concern branches: for whoever asks what the staff of single branches may see."""

# OFFSET 0 keeps PostgreSQL from hashing whole tables for a page: it looks each row of the page up by index instead.
AT_BRANCHES = """p.home_branch_id = ANY({ids}) OR p.selling_branch_id = ANY({ids})
    OR EXISTS (SELECT 1 FROM movement m WHERE m.package_id = p.id AND m.branch_id = ANY({ids}) LIMIT 1 OFFSET 0)
    OR EXISTS (SELECT 1 FROM booking bk WHERE bk.package_id = p.id AND bk.branch_id = ANY({ids}) LIMIT 1 OFFSET 0)
    OR EXISTS (SELECT 1 FROM branch_transfer bt WHERE bt.package_id = p.id AND bt.state IN ('REQUESTED', 'ACCEPTED')
        AND (bt.to_branch_id = ANY({ids}) OR bt.from_branch_id = ANY({ids})) LIMIT 1 OFFSET 0)"""
"""At home or sold there, used there, held by a visit there, or once or soon at home there.

Of `p`, at the branches of the placeholder `ids`.
"""
