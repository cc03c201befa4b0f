-- Trading halts: when, how long and why. A halt ends with the symbol's next status record that is none.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column halted TIMESTAMP: When trading stopped.
-- column ended TIMESTAMP: When it went on; NULL while it has not.
-- column milliseconds BIGINT: How long that was.
-- column reason VARCHAR: Why, as the exchange says it.
-- column limit_up DECIMAL(18,9): The price band's upper end.
-- column limit_down DECIMAL(18,9): Its lower end.
WITH following AS (
    SELECT symbol, run_id, ts_event, sequence, action, reason, limit_up, limit_down,
        min(CASE WHEN action <> 'halt' THEN ts_event END) OVER (
            PARTITION BY symbol, run_id ORDER BY ts_event, sequence, action, reason ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS until
    FROM {status}
)
SELECT symbol, run_id, {time ts_event} AS halted, {time until} AS ended, {quotient until - ts_event / 1000000} AS milliseconds, reason, limit_up, limit_down
FROM following
WHERE action = 'halt'
ORDER BY symbol, run_id, ts_event, sequence, reason
