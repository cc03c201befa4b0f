-- Suspected fat fingers: sweeps of an uncommon volume that carry the price far from where it was, to which it soon comes back. The trades of one aggressor at one
-- instant are one sweep; its volume is held against the average of the sweeps before it, its farthest price against the averages of the last prices before and behind.
--
-- param deviation number = 0.003: How far from the average before, by it: 0.01 is one percent.
-- param window integer = 20: How many sweeps before and behind have their prices averaged.
-- param factor number = 20: How many times the average volume of the sweeps before it the volume must be.
-- param usual integer = 200: How many sweeps before have their volumes averaged.
--
-- column symbol VARCHAR: The symbol.
-- column run_id VARCHAR: The run; empty for foreign producers.
-- column ts TIMESTAMP: When.
-- column ts_event BIGINT: The same in nanoseconds since 1970-01-01 UTC.
-- column side VARCHAR: The aggressor: B bought, A sold; N in an auction.
-- column price DECIMAL(18,9): The sweep's price that lies farthest from the average before.
-- column before DECIMAL(18,9): The average before.
-- column behind DECIMAL(18,9): The average behind; it lies less than half as far away.
-- column deviation DECIMAL(18,9): How far the price lies from the average before, by it; negative below.
-- column volume BIGINT: The sum of the sweep's sizes.
-- column usual DECIMAL(18,9): The average volume of the sweeps before.
-- column trades BIGINT: How many trades it had.
WITH ordered AS (
    SELECT symbol, run_id, ts_event, side, CAST(price AS DECIMAL(38,9)) AS price, size,
        row_number() OVER (PARTITION BY symbol, run_id ORDER BY ts_event, sequence, trade_id, price, size) AS n
    FROM {trades}
), sweeps AS (
    SELECT symbol, run_id, ts_event, side, min(n) AS n, max_by(price, n) AS closed, min(price) AS lowest, max(price) AS highest, sum(size) AS volume, count(*) AS trades
    FROM ordered
    GROUP BY symbol, run_id, ts_event, side
), neighbours AS (
    SELECT symbol, run_id, ts_event, side, n, lowest, highest, volume, trades,
        sum(closed) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS BETWEEN {window} PRECEDING AND 1 PRECEDING) AS sum_before,
        count(closed) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS BETWEEN {window} PRECEDING AND 1 PRECEDING) AS count_before,
        sum(closed) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS BETWEEN 1 FOLLOWING AND {window} FOLLOWING) AS sum_behind,
        count(closed) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS BETWEEN 1 FOLLOWING AND {window} FOLLOWING) AS count_behind,
        sum(volume) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS BETWEEN {usual} PRECEDING AND 1 PRECEDING) AS usual_sum,
        count(volume) OVER (PARTITION BY symbol, run_id ORDER BY n ROWS BETWEEN {usual} PRECEDING AND 1 PRECEDING) AS usual_count
    FROM sweeps
), averages AS (
    SELECT symbol, run_id, ts_event, side, n, lowest, highest, volume, trades, {ratio usual_sum / usual_count} AS usual,
        CAST({ratio sum_before / count_before} AS DECIMAL(38,9)) AS before, CAST({ratio sum_behind / count_behind} AS DECIMAL(38,9)) AS behind
    FROM neighbours
    WHERE CAST(volume AS DECIMAL(28,0)) * usual_count >= {factor} * CAST(usual_sum AS DECIMAL(28,0))
), farthest AS (
    SELECT symbol, run_id, ts_event, side, n, CASE WHEN highest - before >= before - lowest THEN highest ELSE lowest END AS price, before, behind, volume, usual, trades
    FROM averages
    WHERE before > 0 AND behind IS NOT NULL
)
SELECT symbol, run_id, {time ts_event} AS ts, ts_event, side,
    CAST(price AS DECIMAL(18,9)) AS price, CAST(before AS DECIMAL(18,9)) AS before, CAST(behind AS DECIMAL(18,9)) AS behind,
    {ratio price - before / before} AS deviation, CAST(volume AS BIGINT) AS volume, usual, trades
FROM farthest
WHERE abs(price - before) >= before * {deviation} AND 2 * abs(behind - before) < abs(price - before)
ORDER BY symbol, run_id, n
