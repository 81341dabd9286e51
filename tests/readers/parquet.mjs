// Reads an exported sweep with DuckDB and with Polars, and compares what they find: node parquet.mjs FILE ROWS
import { DuckDBInstance } from "@duckdb/node-api";
import polars from "nodejs-polars";

const [file, expected] = [process.argv[2], Number(process.argv[3])];
const duck = await (await DuckDBInstance.create(":memory:")).connect();
const [[rows, units, balanced, loss]] = (await duck.runAndReadAll(
    `select count(*)::int, sum(units)::int, count(*) filter (balanced)::int, sum(final_loss) from '${file}' where status = 'done'`)).getRows();
const table = polars.readParquet(file);
const sums = table.select("units", "final_loss").sum().row(0);
const found = [rows, table.height, units, sums[0], balanced, loss, sums[1]];
if (rows !== expected || table.height !== expected || units !== Number(sums[0]) || !(balanced < rows) || Math.abs(loss - sums[1]) > 1e-9) throw new Error(found.join(" "));
console.log("rows, units, balanced, loss:", ...found);
