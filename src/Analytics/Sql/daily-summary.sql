-- A day of each symbol in one row: prices, volume, number of ticks, halts.
--
-- column dt VARCHAR: The day, of UTC.
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column open DECIMAL(18,9): The first trade's price; NULL where nothing was traded.
-- column high DECIMAL(18,9): The highest price.
-- column low DECIMAL(18,9): The lowest price.
-- column close DECIMAL(18,9): The last trade's price.
-- column vwap DECIMAL(18,9): The average price, weighted with sizes.
-- column volume BIGINT: The sum of the sizes.
-- column trades BIGINT: How many trades there are.
-- column quotes BIGINT: How many quotes there are.
-- column halts BIGINT: How many times trading was halted.
WITH ordered AS (
    SELECT dt, symbol, run_id, price, size, row_number() OVER (PARTITION BY dt, symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
), parts AS (
    SELECT dt, symbol, run_id, min_by(price, n) AS opened, max(price) AS high, min(price) AS low, max_by(price, n) AS closed,
        sum(CAST(price AS DECIMAL(38,9)) * size) AS notional, CAST(sum(size) AS BIGINT) AS volume, count(*) AS trades, 0 AS quotes, 0 AS halts
    FROM ordered
    GROUP BY dt, symbol, run_id
    UNION ALL
    SELECT dt, symbol, run_id, NULL, NULL, NULL, NULL, NULL, 0, 0, count(*), 0 FROM {quotes} GROUP BY dt, symbol, run_id
    UNION ALL
    SELECT dt, symbol, run_id, NULL, NULL, NULL, NULL, NULL, 0, 0, 0, count(*) FILTER (WHERE action = 'halt') FROM {status} GROUP BY dt, symbol, run_id
)
SELECT dt, symbol, run_id, max(opened) AS open, max(high) AS high, min(low) AS low, max(closed) AS close,
    {ratio sum(notional) / sum(volume)} AS vwap,
    CAST(sum(volume) AS BIGINT) AS volume, CAST(sum(trades) AS BIGINT) AS trades, CAST(sum(quotes) AS BIGINT) AS quotes, CAST(sum(halts) AS BIGINT) AS halts
FROM parts
GROUP BY dt, symbol, run_id
ORDER BY dt, symbol, run_id
