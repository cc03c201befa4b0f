-- Order-flow imbalance at the best levels (Cont, Kukanov and Stoikov, "The price impact of order book events", 2014): what came to the bid and went from the
-- ask, less what went from the bid and came to the ask. A quote is held against the one before it on the same UTC day.
--
-- param interval interval = 1m: The length of an interval, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column imbalance BIGINT: Shares; positive where buyers pressed.
-- column mid_change DECIMAL(18,9): The last mid price of the interval less its first; NULL where no quote has both sides.
-- column quotes BIGINT: How many quotes there are.
WITH dated AS (
    SELECT symbol, run_id, ts_event, sequence, bid_px, bid_sz, ask_px, ask_sz, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket,
        ts_event - (ts_event % 86400000000000 + 86400000000000) % 86400000000000 AS day
    FROM {quotes}
), ordered AS (
    SELECT symbol, run_id, day, bucket, bid_px, bid_sz, ask_px, ask_sz,
        CAST({ratio CAST(bid_px AS DECIMAL(38,9)) + ask_px / 2} AS DECIMAL(38,9)) AS mid,
        row_number() OVER (PARTITION BY symbol, run_id, day ORDER BY ts_event, sequence, bid_px, ask_px, bid_sz, ask_sz) AS n
    FROM dated
), steps AS (
    SELECT symbol, run_id, day, bucket, n, mid, bid_px, bid_sz, ask_px, ask_sz,
        lag(bid_px) OVER (PARTITION BY symbol, run_id, day ORDER BY n) AS bid_before,
        lag(bid_sz) OVER (PARTITION BY symbol, run_id, day ORDER BY n) AS bid_sz_before,
        lag(ask_px) OVER (PARTITION BY symbol, run_id, day ORDER BY n) AS ask_before,
        lag(ask_sz) OVER (PARTITION BY symbol, run_id, day ORDER BY n) AS ask_sz_before
    FROM ordered
), flows AS (
    SELECT symbol, run_id, day, bucket, n, mid,
        CASE WHEN n = 1 THEN 0 ELSE
            CASE WHEN bid_px IS NOT NULL AND (bid_before IS NULL OR bid_px >= bid_before) THEN bid_sz ELSE 0 END
            - CASE WHEN bid_before IS NOT NULL AND (bid_px IS NULL OR bid_px <= bid_before) THEN bid_sz_before ELSE 0 END
            - CASE WHEN ask_px IS NOT NULL AND (ask_before IS NULL OR ask_px <= ask_before) THEN ask_sz ELSE 0 END
            + CASE WHEN ask_before IS NOT NULL AND (ask_px IS NULL OR ask_px >= ask_before) THEN ask_sz_before ELSE 0 END
        END AS flow
    FROM steps
)
SELECT symbol, run_id, {time bucket} AS start,
    CAST(sum(flow) AS BIGINT) AS imbalance,
    CAST(max_by(mid, day + n) FILTER (WHERE mid IS NOT NULL) - min_by(mid, day + n) FILTER (WHERE mid IS NOT NULL) AS DECIMAL(18,9)) AS mid_change,
    count(*) AS quotes
FROM flows
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
