-- wrk: one workload's requests. BENCH_KIND is detail, list or start; BENCH_IDS is a file with one bid's identifier a line.
local kind, token, path = os.getenv("BENCH_KIND"), os.getenv("BENCH_TOKEN"), os.getenv("BENCH_PATH")
local headers = { ["Authorization"] = "Bearer " .. token, ["Accept"] = "application/json" }
local paths, count = {}, 0
local stamp = os.getenv("BENCH_STAMP")

function init()
    if kind == "detail" then
        for id in io.lines(os.getenv("BENCH_IDS")) do
            paths[#paths + 1] = wrk.format("GET", path .. "/" .. id, headers)
        end
    elseif kind == "list" then
        paths[1] = wrk.format("GET", path, headers)
    else
        headers["Content-Type"] = "application/json"
    end
end

function request()
    count = count + 1
    if kind ~= "start" then
        return paths[(count * 7919) % #paths + 1]
    end
    headers["Idempotency-Key"] = '"bench-' .. stamp .. "-" .. count .. '"'
    local body = '{"round":"' .. os.getenv("BENCH_ROUND") .. '","title":"Bench ' .. stamp .. " " .. count .. '"}'
    return wrk.format("POST", path, headers, body)
end
