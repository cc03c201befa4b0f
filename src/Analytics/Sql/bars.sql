-- Bars of any interval: open, high, low, close, volume, VWAP and number of trades. An interval without a trade has none.
--
-- param interval interval = 1m: The length of a bar, counted from 1970-01-01 00:00 UTC.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column start TIMESTAMP: When the interval begins.
-- column open DECIMAL(18,9): The first trade's price.
-- column high DECIMAL(18,9): The highest price.
-- column low DECIMAL(18,9): The lowest price.
-- column close DECIMAL(18,9): The last trade's price.
-- column volume BIGINT: The sum of the sizes.
-- column vwap DECIMAL(18,9): The average price, weighted with sizes.
-- column trades BIGINT: How many there are.
WITH ordered AS (
    SELECT symbol, run_id, price, size, ts_event - (ts_event % {interval} + {interval}) % {interval} AS bucket,
        row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
)
SELECT symbol, run_id, {time bucket} AS start,
    min_by(price, n) AS open, max(price) AS high, min(price) AS low, max_by(price, n) AS close,
    CAST(sum(size) AS BIGINT) AS volume,
    {ratio sum(CAST(price AS DECIMAL(38,9)) * size) / sum(size)} AS vwap,
    count(*) AS trades
FROM ordered
GROUP BY symbol, run_id, bucket
ORDER BY symbol, run_id, bucket
