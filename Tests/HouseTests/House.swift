import Foundation

/// The repository as the house tests read it: files on disk, as text.
enum House {
    /// The repository's root, found from this file.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every Swift file below a folder, with its path from the root.
    static func swiftFiles(_ folder: String) -> [(path: String, text: String)] {
        files(folder).filter { $0.hasSuffix(".swift") }.map { ($0, text($0)) }
    }

    /// Paths of all files below a folder, from the root, sorted.
    static func files(_ folder: String) -> [String] {
        let base = root.appending(path: folder)
        let found = FileManager.default.enumerator(at: base, includingPropertiesForKeys: [.isRegularFileKey])
        return (found?.allObjects ?? []).compactMap { entry in
            guard let url = entry as? URL,
                (try? url.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true
            else { return nil }
            return folder + "/" + url.path.dropFirst(base.path.count + 1)
        }.sorted()
    }

    /// The text of a file.
    static func text(_ path: String) -> String {
        (try? String(contentsOf: root.appending(path: path), encoding: .utf8)) ?? ""
    }

    /// Names directly inside a folder, dot-files left out.
    static func names(_ folder: String = "") -> [String] {
        let base = folder.isEmpty ? root : root.appending(path: folder)
        return ((try? FileManager.default.contentsOfDirectory(atPath: base.path)) ?? [])
            .filter { !$0.hasPrefix(".") }.sorted()
    }

    /// The modules that a file imports, whatever the access level or attributes of the import.
    static func imports(in text: String) -> [String] {
        text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ").map(String.init)
            guard let position = words.firstIndex(of: "import"), position + 1 < words.count,
                words[..<position].allSatisfy({ $0.hasPrefix("@") || Self.levels.contains($0) })
            else { return nil }
            let kinds: Set = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            let name =
                kinds.contains(words[position + 1]) && position + 2 < words.count
                ? words[position + 2] : words[position + 1]
            return String(name.split(separator: ".")[0])
        }
    }

    private static let levels: Set = ["public", "package", "internal", "fileprivate", "private"]
}
