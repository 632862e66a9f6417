import ArgumentParser
import Foundation

/// Reads a file, or standard input, line by line in chunks: an export may be larger than memory.
struct LineReader {
    private let handle: FileHandle

    private static let chunkBytes = 1 << 16

    /// A reader of a file; of standard input when there is no name.
    init(_ path: String?) throws {
        guard let path else {
            handle = .standardInput
            return
        }
        guard let opened = FileHandle(forReadingAtPath: path) else {
            throw ValidationError("\(path) cannot be read: check the name and its permissions.")
        }
        handle = opened
    }

    /// Hands over each line without its end.
    func forEach(_ body: (String) -> Void) throws {
        var rest: [UInt8] = []
        while let chunk = try handle.read(upToCount: Self.chunkBytes), !chunk.isEmpty {
            rest += chunk
            var start = rest.startIndex
            while let end = rest[start...].firstIndex(of: UInt8(ascii: "\n")) {
                body(String(decoding: rest[start..<end], as: UTF8.self))
                start = end + 1
            }
            rest.removeSubrange(..<start)
        }
        if !rest.isEmpty { body(String(decoding: rest, as: UTF8.self)) }
    }
}
