-- Sends the requests of a file in turn, and says what came of them in one line of JSON.
-- wrk … -- HEADER VALUE FILE, whose lines are METHOD PATH BODY, the body being JSON or nothing.

local lines, turn = {}, 0

function init(arguments)
   for line in io.lines(arguments[3]) do
      local method, path, body = line:match("^(%S+) (%S+) ?(.*)$")
      local headers = { [arguments[1]] = arguments[2] }
      if body == "" then
         body = nil
      else
         headers["Content-Type"] = "application/json"
      end
      lines[#lines + 1] = wrk.format(method, path, headers, body)
   end
end

function request()
   turn = turn % #lines + 1
   return lines[turn]
end

function done(summary, latency)
   local errors = summary.errors
   io.stderr:write(string.format(
      '{"requests": %d, "seconds": %f, "p50": %f, "p99": %f, "failed": %d}\n',
      summary.requests, summary.duration / 1e6,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
      errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
