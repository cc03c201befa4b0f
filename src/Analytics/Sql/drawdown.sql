-- The largest drawdown of each symbol: how far, by the highest price so far, a later trade's price fell below it.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column drawdown DECIMAL(18,9): The fall by the peak: 0.05 is five percent; 0 where a price never fell.
-- column peak DECIMAL(18,9): The price that it fell from.
-- column trough DECIMAL(18,9): The price that it fell to.
-- column peak_ts TIMESTAMP: When the peak was first reached.
-- column trough_ts TIMESTAMP: When the trough was first reached.
WITH ordered AS (
    SELECT symbol, run_id, ts_event, price, row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
    WHERE price > 0
), peaks AS (
    SELECT symbol, run_id, ts_event, price, n, max(price) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS UNBOUNDED PRECEDING) AS peak
    FROM ordered
), falls AS (
    SELECT symbol, run_id, ts_event, price, n, peak, {ratio CAST(peak AS DECIMAL(38,9)) - price / peak} AS drawdown
    FROM peaks
), ranked AS (
    SELECT symbol, run_id, ts_event, price, n, peak, drawdown, row_number() OVER (PARTITION BY symbol, run_id ORDER BY drawdown DESC, n) AS place
    FROM falls
), reached AS (
    SELECT r.symbol, r.run_id, min(o.n) AS n, min(o.ts_event) AS ts_event
    FROM ranked r
    JOIN ordered o ON o.symbol = r.symbol AND o.run_id = r.run_id AND o.price = r.peak AND o.n <= r.n
    WHERE r.place = 1
    GROUP BY r.symbol, r.run_id
)
SELECT r.symbol, r.run_id, r.drawdown, r.peak, r.price AS trough, {time p.ts_event} AS peak_ts, {time r.ts_event} AS trough_ts
FROM ranked r
JOIN reached p ON p.symbol = r.symbol AND p.run_id = r.run_id
WHERE r.place = 1
ORDER BY r.symbol, r.run_id
