import ArgumentParser
public import Domain
import Foundation

/// How a command says what it did.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON for programs instead of sentences for people.")
    var json = false

    /// Prints a result: the sentence for people, the value for programs.
    func say(_ sentence: @autoclosure () -> String, _ value: some Encodable) throws {
        print(json ? try Output.json(value) : sentence())
    }
}

/// Printing, in one place.
enum Output {
    /// A value as JSON with sorted keys.
    static func json(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    /// Rows under headings, columns padded to the widest cell.
    static func table(_ headings: [String], _ rows: [[String]]) -> String {
        let widths = headings.indices.map { column in
            ([headings] + rows).map { $0[column].count }.max() ?? 0
        }
        return ([headings] + rows).map { row in
            row.indices.map { row[$0].padding(toLength: widths[$0], withPad: " ", startingAt: 0) }
                .joined(separator: "  ").trimmingSuffix { $0 == " " }
        }.joined(separator: "\n")
    }

    /// Progress of long work, on the error stream, so that output stays clean.
    static func progress(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}

extension String {
    /// Without the characters at the end for which `isSuffix` holds.
    func trimmingSuffix(while isSuffix: (Character) -> Bool) -> String {
        String(reversed().drop(while: isSuffix).reversed())
    }
}

extension Refusal: CustomStringConvertible {
    /// The sentence, and one line for each field that needs changing.
    public var description: String {
        ([sentence] + problems.map { "  \($0.field): \($0.sentence)" }).joined(separator: "\n")
    }
}
