import CoreMetrics
import Foundation
import Synchronization

/// A small backend for swift-metrics: counts in memory, written out in Prometheus' text format. Names get the product's
/// prefix and base units; timers are histograms in seconds.
final class PrometheusRegistry: MetricsFactory, Sendable {
    private let state = Mutex(State())

    private struct State {
        var series: [SeriesKey: any Series] = [:]
        /// The same by what was asked for, so that a name that is asked for with each request is put together once.
        var asked: [Request: any Series] = [:]
    }

    private struct SeriesKey: Hashable {
        let name: String
        let labels: String
    }

    private struct Request: Hashable {
        let label: String
        let suffix: String
        let dimensions: [String]
    }

    private func make<New: Series>(
        _ label: String, suffix: String, _ dimensions: [(String, String)], _ new: (String, String) -> New
    ) -> New {
        let request = Request(label: label, suffix: suffix, dimensions: dimensions.flatMap { [$0.0, $0.1] })
        if let known = state.withLock({ $0.asked[request] as? New }) { return known }
        let labels = dimensions.sorted { $0.0 < $1.0 }.map { "\(Self.safe($0.0))=\"\(Self.escaped($0.1))\"" }.joined(
            separator: ",")
        let key = SeriesKey(name: Self.name(label, suffix: suffix), labels: labels)
        return state.withLock { state in
            if let known = state.series[key] as? New {
                state.asked[request] = known
                return known
            }
            let fresh = new(key.name, labels)
            // A name with two kinds of metric is a mistake in the program; the first one stays.
            if state.series[key] == nil {
                state.series[key] = fresh
                state.asked[request] = fresh
            }
            return fresh
        }
    }

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        make(label, suffix: "_total", dimensions) { CountSeries(name: $0, labels: $1) }
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        make(label, suffix: "", dimensions) { GaugeSeries(name: $0, labels: $1) }
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        make(label, suffix: "", dimensions) { GaugeSeries(name: $0, labels: $1) }
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        make(label, suffix: "_seconds", dimensions) { TimeSeries(name: $0, labels: $1) }
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// Everything, grouped by name as the format asks.
    func text() -> String {
        let all = state.withLock { Array($0.series.values) }
        let names = Dictionary(grouping: all, by: \.name).sorted { $0.key < $1.key }
        return names.map { name, members in
            let sorted = members.sorted { $0.labels < $1.labels }
            let kind = sorted.first?.kind ?? "untyped"
            return "# HELP \(name) \(name.replacing("_", with: " "))\n# TYPE \(name) \(kind)\n"
                + sorted.map { $0.lines() }.joined()
        }.joined()
    }

    /// `http.server.request.duration` becomes `http_server_request_duration_seconds`.
    private static func name(_ label: String, suffix: String) -> String {
        let name = safe(label.lowercased())
        let prefixed = name.hasPrefix("touchstone_") ? name : "touchstone_" + name
        return prefixed.hasSuffix(suffix) ? prefixed : prefixed + suffix
    }

    private static func safe(_ text: String) -> String {
        String(text.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}

/// One name with one set of labels.
private protocol Series: AnyObject, Sendable {
    var name: String { get }
    var labels: String { get }
    var kind: String { get }
    func lines() -> String
}

extension Series {
    fileprivate func line(_ suffix: String = "", _ more: String = "", _ value: String) -> String {
        let all = [labels, more].filter { !$0.isEmpty }.joined(separator: ",")
        return "\(name)\(suffix)\(all.isEmpty ? "" : "{\(all)}") \(value)\n"
    }
}

private final class CountSeries: Series, CounterHandler {
    let name: String
    let labels: String
    let kind = "counter"
    private let count = Atomic<Int64>(0)

    init(name: String, labels: String) {
        self.name = name
        self.labels = labels
    }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
    func lines() -> String { line("", "", String(count.load(ordering: .relaxed))) }
}

private final class GaugeSeries: Series, RecorderHandler, MeterHandler {
    let name: String
    let labels: String
    let kind = "gauge"
    private let value = Mutex<Double>(0)

    init(name: String, labels: String) {
        self.name = name
        self.labels = labels
    }

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func lines() -> String { line("", "", "\(value.withLock { $0 })") }
}

private final class TimeSeries: Series, TimerHandler {
    let name: String
    let labels: String
    let kind = "histogram"
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
    private let state = Mutex<(buckets: [Int], sum: Double, count: Int)>(
        (Array(repeating: 0, count: TimeSeries.bounds.count), 0, 0))

    init(name: String, labels: String) {
        self.name = name
        self.labels = labels
    }

    func recordNanoseconds(_ duration: Int64) {
        let seconds = Double(duration) / 1e9
        state.withLock { state in
            for (index, bound) in Self.bounds.enumerated() where seconds <= bound { state.buckets[index] += 1 }
            state.sum += seconds
            state.count += 1
        }
    }

    func lines() -> String {
        let (buckets, sum, count) = state.withLock { $0 }
        var text = ""
        for (bound, value) in zip(Self.bounds, buckets) { text += line("_bucket", "le=\"\(bound)\"", String(value)) }
        text += line("_bucket", "le=\"+Inf\"", String(count))
        return text + line("_sum", "", String(sum)) + line("_count", "", String(count))
    }
}
