-- wrk: one workload's requests. BENCH_KIND is detail, list or save; BENCH_IDS is a file with one bid's identifier a line.
local kind, token, path = os.getenv("BENCH_KIND"), os.getenv("BENCH_TOKEN"), os.getenv("BENCH_PATH")
local headers = { ["Authorization"] = "Bearer " .. token, ["Accept"] = "application/json" }
-- wrk asks for one request that it does not send, to see whether they differ: the first that counts is number 0.
local paths, count = {}, -2

function init()
    if kind == "list" then
        paths[1] = wrk.format("GET", path, headers)
        return
    end
    for id in io.lines(os.getenv("BENCH_IDS")) do
        paths[#paths + 1] = kind == "detail" and wrk.format("GET", path .. "/" .. id, headers)
            or path .. "/" .. id .. "/sections/need"
    end
    headers["Content-Type"] = kind == "save" and "application/json" or nil
end

-- Every section begins at version 1 and is saved in turn, so that its version is known: there are far more of them than
-- requests in flight.
function request()
    count = count + 1
    if kind ~= "save" then
        return paths[(count * 7919) % #paths + 1]
    end
    headers["If-Match"] = '"' .. (math.floor(count / #paths) + 1) .. '"'
    return wrk.format("PUT", paths[count % #paths + 1], headers, os.getenv("BENCH_BODY"))
end
