-- Where a run's sequence, which counts from 1 per symbol across trades, quotes, status and bars, misses or repeats numbers. No row: none is missing.
-- With from, the first number that is seen is taken as the right one. Foreign producers' own sequences are not looked at.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run.
-- column kind VARCHAR: gap or repeat.
-- column first BIGINT: The first number that is missing, or the one that is there again.
-- column last BIGINT: The last number that is missing, or the one that is there again.
-- column missing BIGINT: How many are missing; 0 for a repeat.
-- column ts_before TIMESTAMP: The event time of the tick before; NULL at the beginning.
-- column ts_after TIMESTAMP: The event time of the tick behind, or of the one that is there again.
WITH ticks AS (
    SELECT symbol, run_id, sequence, ts_event FROM {trades}
    UNION ALL SELECT symbol, run_id, sequence, ts_event FROM {quotes}
    UNION ALL SELECT symbol, run_id, sequence, ts_event FROM {status}
    UNION ALL SELECT symbol, run_id, sequence, ts_event FROM {bars}
), neighbours AS (
    SELECT symbol, run_id, sequence, ts_event,
        lag(sequence) OVER (PARTITION BY symbol, run_id ORDER BY sequence, ts_event) AS before,
        lag(ts_event) OVER (PARTITION BY symbol, run_id ORDER BY sequence, ts_event) AS ts_event_before
    FROM ticks
    WHERE run_id <> '' AND sequence IS NOT NULL
), steps AS (
    SELECT symbol, run_id, sequence, ts_event, ts_event_before, coalesce(before, CASE WHEN {from} IS NULL THEN 0 END) AS before
    FROM neighbours
)
SELECT symbol, run_id,
    CASE WHEN sequence = before THEN 'repeat' ELSE 'gap' END AS kind,
    CASE WHEN sequence = before THEN sequence ELSE before + 1 END AS "first",
    CASE WHEN sequence = before THEN sequence ELSE sequence - 1 END AS "last",
    CASE WHEN sequence = before THEN 0 ELSE sequence - before - 1 END AS missing,
    {time ts_event_before} AS ts_before,
    {time ts_event} AS ts_after
FROM steps
WHERE sequence <> before + 1
ORDER BY symbol, run_id, "first", kind, ts_event, ts_event_before
