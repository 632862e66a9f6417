import ArgumentParser
import Domain
import Foundation
import Services

/// Published statistics.
struct StatisticsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "statistics", abstract: "Published figures that returns and reports are held against.",
        subcommands: [Load.self])

    struct Load: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Load a file of published figures; the same file again changes nothing.",
            discussion: """
                The file is recognised by its header. Suppression letters stay letters; authorities match on their DfE code, since \
                GSS codes move. One bad line and nothing is loaded; each is named with its line and column.
                """)

        @Argument(help: "A CSV file of the department or the statistics office.") var file: String
        @Flag(help: "Only say what would change.") var dryRun = false
        @OptionGroup var output: OutputOptions

        func run() async throws {
            guard let handle = FileHandle(forReadingAtPath: file) else {
                throw ValidationError("\(file) cannot be read: check the name and its permissions.")
            }
            let name = URL(filePath: file).lastPathComponent
            let reader = ChunkReader(handle)
            let meter = ProgressMeter(quiet: output.json)
            let report = try await Connections.withOperator { core in
                try await core.statistics.load(
                    file: name, dryRun: dryRun, progress: { meter.show($0) }, next: { try reader.next() })
            }
            if output.json { print(report.json) } else { print(Self.sentences(report, dryRun: dryRun)) }
            if !report.content.accepted { throw ExitCode.failure }
        }

        private static func sentences(_ report: StatisticsReport, dryRun: Bool) -> String {
            let content = report.content
            guard content.accepted else {
                let problems = content.problems ?? []
                let left = (content.problemCount ?? 0) - problems.count
                return
                    (["Nothing was loaded. \(report.file) has \(content.problemCount ?? 0) problems:"]
                    + problems.map { "  \($0.sentence)" } + (left > 0 ? ["  … and \(left) more."] : []))
                    .joined(separator: "\n")
            }
            var lines = [
                "\(report.file) (\(content.format ?? "")): \(content.rows ?? 0) lines, \(content.figures ?? 0) figures.",
                "\(dryRun ? "Would add" : "Added") \(content.added ?? 0), \(dryRun ? "would change" : "changed") "
                    + "\(content.changed ?? 0), unchanged \(content.unchanged ?? 0).",
                "\(content.suppressed ?? 0) hold a letter: "
                    + (content.letters ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
                    .joined(separator: ", ") + ".",
            ]
            if let unmatched = content.unmatched, unmatched > 0 {
                lines.append("\(unmatched) are of areas that nobody knows.")
            }
            if let joint = content.jointAreas, !joint.isEmpty {
                lines.append("Published together: \(joint.sorted().joined(separator: ", ")).")
            }
            for change in content.gssChanges ?? [] {
                lines.append(
                    "\(change.name) (\(change.dfeCode)): \(change.inFile) in the file, \(change.onRecord ?? "none") today."
                )
            }
            for change in content.changes ?? [] {
                lines.append(
                    "\(change.indicatorCode) \(change.period) \(change.areaName): \(change.before) → \(change.after)")
            }
            return lines.joined(separator: "\n")
        }
    }
}

/// Reads a file piece by piece.
///
/// Unchecked: only the thread of the import reads.
final class ChunkReader: @unchecked Sendable {
    private let handle: FileHandle

    init(_ handle: FileHandle) {
        self.handle = handle
    }

    /// The next bytes; nil at the end.
    func next() throws -> [UInt8]? {
        guard let data = try handle.read(upToCount: 1 << 16), !data.isEmpty else { return nil }
        return [UInt8](data)
    }
}

/// Says how far long work is, not too often.
///
/// Unchecked: only the thread of the import shows.
final class ProgressMeter: @unchecked Sendable {
    private let quiet: Bool
    private var shown = 0

    private static let every = 10_000

    init(quiet: Bool) {
        self.quiet = quiet
    }

    /// So many lines were read.
    func show(_ lines: Int) {
        guard !quiet, lines >= shown + Self.every else { return }
        shown = lines
        Output.progress("\(lines) lines read")
    }
}
