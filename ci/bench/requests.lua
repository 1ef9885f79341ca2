-- wrk: sends the requests of a file (separated by the byte 30) in turn.
local requests, at = {}, 0

function init(args)
  local file = assert(io.open(args[1], "rb"))
  for one in file:read("*a"):gmatch("[^\30]+") do
    requests[#requests + 1] = one
  end
  file:close()
end

function request()
  at = at % #requests + 1
  return requests[at]
end
