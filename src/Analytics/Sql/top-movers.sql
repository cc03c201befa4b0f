-- The symbols whose price has changed most, up or down, from the first trade to the last.
--
-- param limit integer = 10: How many.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column change DECIMAL(18,9): The last price less the first, by the first: 0.05 is five percent.
-- column first DECIMAL(18,9): The first price.
-- column last DECIMAL(18,9): The last price.
-- column volume BIGINT: The sum of the sizes.
-- column trades BIGINT: How many there are.
WITH ordered AS (
    SELECT symbol, run_id, price, size, row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
    WHERE price > 0
), ends AS (
    SELECT symbol, run_id, CAST(min_by(price, n) AS DECIMAL(38,9)) AS opened, CAST(max_by(price, n) AS DECIMAL(38,9)) AS closed, sum(size) AS volume, count(*) AS trades
    FROM ordered
    GROUP BY symbol, run_id
), moves AS (
    SELECT symbol, run_id, {ratio closed - opened / opened} AS change, opened, closed, volume, trades
    FROM ends
)
SELECT symbol, run_id, change, CAST(opened AS DECIMAL(18,9)) AS "first", CAST(closed AS DECIMAL(18,9)) AS "last", CAST(volume AS BIGINT) AS volume, trades
FROM moves
ORDER BY abs(change) DESC, symbol, run_id
LIMIT {limit}
