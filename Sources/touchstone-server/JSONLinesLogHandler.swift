import Foundation
import Logging

/// One JSON object a line on standard output: time in UTC, level, message, and the metadata as names. Texts are quoted, so
/// nothing that a client sends can begin a line.
///
/// Written by hand, byte by byte: each request makes a line, and Foundation's encoder and formatter took more time than the
/// rest of the request.
struct JSONLinesLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info
    private let label: String

    init(label: String) { self.label = label }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var line = JSONLine(at: .now)
        line.add("level", event.level.rawValue)
        line.add("logger", label)
        line.add("message", event.message.description)
        let own = event.metadata ?? [:]
        for (key, value) in metadata where own[key] == nil { line.add(name: key, value) }
        for (key, value) in own { line.add(name: key, value) }
        line.write()
    }
}

/// A line in the making.
private struct JSONLine {
    private var bytes: [UInt8] = []

    private static let ours: Set = ["at", "level", "logger", "message"]

    init(at moment: Date) {
        bytes.reserveCapacity(512)
        bytes += #"{"at":""#.utf8
        time(moment)
        bytes.append(UInt8(ascii: "\""))
    }

    /// Metadata cannot say what the line itself says.
    mutating func add(name: String, _ value: Logger.MetadataValue) {
        guard !Self.ours.contains(name) else { return }
        if case .string(let text) = value { add(name, text) } else { add(name, value.description) }
    }

    mutating func add(_ name: String, _ value: String) {
        bytes += #",""#.utf8
        text(name)
        bytes += #"":""#.utf8
        text(value)
        bytes.append(UInt8(ascii: "\""))
    }

    /// One line is one call, as far as the kernel takes it, so that lines of several threads do not mix.
    mutating func write() {
        bytes += "}\n".utf8
        FileHandle.standardOutput.write(Data(bytes))
    }

    private mutating func text(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<32, 127: bytes += [UInt8](#"\u00"#.utf8) + [Self.digit(byte >> 4), Self.digit(byte & 15)]
            default: bytes.append(byte)
            }
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 48 + value : 87 + value }

    /// `2026-11-24T09:30:00.125Z`.
    private mutating func time(_ moment: Date) {
        let milliseconds = Int((moment.timeIntervalSince1970 * 1000).rounded(.down))
        let (days, inDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        // Howard Hinnant's days-to-date: years that begin in March, in eras of 400.
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let march = (5 * dayOfYear + 2) / 153
        let month = march < 10 ? march + 3 : march - 9
        number(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4, "-")
        number(month, 2, "-")
        number(dayOfYear - (153 * march + 2) / 5 + 1, 2, "T")
        number(inDay / 3_600_000, 2, ":")
        number(inDay / 60_000 % 60, 2, ":")
        number(inDay / 1000 % 60, 2, ".")
        number(inDay % 1000, 3, "Z")
    }

    private mutating func number(_ value: Int, _ width: Int, _ mark: Unicode.Scalar) {
        var divisor = width == 4 ? 1000 : width == 3 ? 100 : 10
        while divisor > 0 {
            bytes.append(48 + UInt8(value / divisor % 10))
            divisor /= 10
        }
        bytes.append(UInt8(ascii: mark))
    }
}
