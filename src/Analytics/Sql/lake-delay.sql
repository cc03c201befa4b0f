-- How far the lake is behind, per symbol: the time from its newest tick to a given one. Asked at 1x and with the time of now it bounds the delay from tick to
-- lake from above; a row does not say when it came into the lake, and simulated time has no now. Without a time it says how far a symbol is behind the others
-- of its run.
--
-- param at instant = *: The time that it is asked for, such as now; * for the newest event time of the symbol's run.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column newest TIMESTAMP: The newest tick's event time.
-- column delay_ms BIGINT: From there to the given time, in milliseconds; negative where the tick is newer.
-- column ticks BIGINT: How many ticks the symbol has.
WITH ticks AS (
    SELECT symbol, run_id, ts_event FROM {trades}
    UNION ALL SELECT symbol, run_id, ts_event FROM {quotes}
    UNION ALL SELECT symbol, run_id, ts_event FROM {status}
    UNION ALL SELECT symbol, run_id, ts_event FROM {bars}
), newest AS (
    SELECT symbol, run_id, max(ts_event) AS ts_event, count(*) AS ticks
    FROM ticks
    GROUP BY symbol, run_id
), runs AS (
    SELECT symbol, run_id, ts_event, ticks, coalesce({at}, max(ts_event) OVER (PARTITION BY run_id)) AS asked
    FROM newest
)
SELECT symbol, run_id, {time ts_event} AS newest, {quotient asked - ts_event / 1000000} AS delay_ms, ticks
FROM runs
ORDER BY symbol, run_id
