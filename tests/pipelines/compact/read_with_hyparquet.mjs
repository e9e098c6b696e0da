// Reads Parquet files with hyparquet; prints {file: {types, rows}} as JSON. A type is what JavaScript has of a column's values.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const kind = value => value === null || value === undefined ? 'null'
  : value instanceof Date ? 'Date' : value instanceof Uint8Array ? 'Uint8Array' : Array.isArray(value) ? 'Array' : typeof value

const plain = value => value instanceof Date ? value.toISOString()
  : value instanceof Uint8Array ? Buffer.from(value).toString('hex')
  : typeof value === 'bigint' ? Number(value)
  : Array.isArray(value) ? value.map(plain)
  : value !== null && typeof value === 'object' ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, plain(item)]))
  : value === undefined ? null : value

const found = {}
for (const path of process.argv.slice(2)) {
  const rows = await parquetReadObjects({ file: await asyncBufferFromFile(path), compressors, utf8: false }) // strings say that they are; else it takes binary for text
  const types = {}
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      types[name] = [...new Set([...types[name] ?? [], kind(value)])].sort()
    }
  }
  found[path] = { types, rows: rows.map(plain) }
}
console.log(JSON.stringify(found))
