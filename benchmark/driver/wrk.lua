-- Arguments after "--": the handler ("json" sends an order), and "close" for a new connection per request.

local function order()
  local lines = {}
  for i = 1, 20 do
    lines[i] = string.format('{"sku":"article-%04d","quantity":%d,"price":%d}', i * 37, i % 5 + 1, i * 199)
  end
  return '{"id":4711,"customer":"Ada Lovelace","lines":[' .. table.concat(lines, ",") .. "]}"
end

function init(args)
  if args[1] == "json" then
    wrk.method = "POST"
    wrk.body = order()
    wrk.headers["Content-Type"] = "application/json"
  end
  if args[2] == "close" then
    wrk.headers["Connection"] = "close"
  end
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"micros":%d,"p50":%d,"p99":%d,"p999":%d,"connect":%d,"read":%d,"write":%d,"status":%d,"timeout":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency:percentile(99.9),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
