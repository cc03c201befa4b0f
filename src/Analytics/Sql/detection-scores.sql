-- How well fat-finger and spoofing, as they are without parameters, find what a simulation injected: their findings against the table truth, by run and kind. A
-- finding that overlaps one in time has found it; every other finding is a false alarm. Runs that have no truth are not judged.
--
-- column run_id VARCHAR: The run.
-- column kind VARCHAR: fat-finger or spoofing.
-- column injected BIGINT: How many there were.
-- column found BIGINT: How many of them some finding overlaps.
-- column missed BIGINT: How many none does.
-- column findings BIGINT: How many findings the query has.
-- column false_alarms BIGINT: How many of them overlap nothing that was injected.
-- column precision DECIMAL(18,9): The part of the findings that are none; NULL where there is no finding.
-- column recall DECIMAL(18,9): The part of what was injected that was found; NULL where nothing was injected.
WITH kinds AS (
    SELECT DISTINCT t.run_id, k.kind FROM {truth} t CROSS JOIN (VALUES ('fat-finger'), ('spoofing')) AS k(kind)
), told AS (
    SELECT symbol, run_id, kind, began, ts_event AS ended, row_number() OVER (PARTITION BY run_id, kind ORDER BY ts_event, symbol, began) AS n
    FROM {truth}
    WHERE kind IN ('fat-finger', 'spoofing')
), suspects AS (
    SELECT symbol, run_id, 'fat-finger' AS kind, ts_event AS began, ts_event AS ended FROM {query fat-finger} f
    UNION ALL
    SELECT symbol, run_id, 'spoofing', began_event, ended_event FROM {query spoofing} s
), findings AS (
    SELECT symbol, run_id, kind, began, ended, row_number() OVER (PARTITION BY run_id, kind ORDER BY ended, symbol, began) AS n
    FROM suspects
), injected AS (
    SELECT t.run_id, t.kind, count(DISTINCT t.n) AS injected, count(DISTINCT CASE WHEN f.n IS NOT NULL THEN t.n END) AS found
    FROM told t
    LEFT JOIN findings f ON f.run_id = t.run_id AND f.kind = t.kind AND f.symbol = t.symbol AND f.began <= t.ended AND f.ended >= t.began
    GROUP BY t.run_id, t.kind
), judged AS (
    SELECT f.run_id, f.kind, count(DISTINCT f.n) AS findings, count(DISTINCT CASE WHEN t.n IS NOT NULL THEN f.n END) AS hits
    FROM findings f
    LEFT JOIN told t ON f.run_id = t.run_id AND f.kind = t.kind AND f.symbol = t.symbol AND f.began <= t.ended AND f.ended >= t.began
    GROUP BY f.run_id, f.kind
), counted AS (
    SELECT k.run_id, k.kind, coalesce(i.injected, 0) AS injected, coalesce(i.found, 0) AS found, coalesce(j.findings, 0) AS findings, coalesce(j.hits, 0) AS hits
    FROM kinds k
    LEFT JOIN injected i ON i.run_id = k.run_id AND i.kind = k.kind
    LEFT JOIN judged j ON j.run_id = k.run_id AND j.kind = k.kind
)
SELECT run_id, kind, injected, found, injected - found AS missed, findings, findings - hits AS false_alarms,
    {ratio hits / findings} AS precision, {ratio found / injected} AS recall
FROM counted
ORDER BY run_id, kind
