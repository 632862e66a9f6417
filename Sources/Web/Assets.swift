import FoundationEssentials
import Hummingbird

/// Stylesheets, scripts and pictures: ours from the binary, GOV.UK Frontend from the folder of the configuration. All of
/// them are read once; the address carries a digest of their content, so that browsers may keep them for ever.
struct Assets: Sendable {
    struct File: Sendable {
        let bytes: [UInt8]
        let type: String
        let etag: String
    }

    private let files: [String: File]
    /// `/assets/` and the digest of everything.
    let path: String
    /// Whether GOV.UK Frontend is there; without it pages are plain and readable.
    let hasFrontend: Bool

    private static let embedded: [(String, [UInt8])] = [
        ("touchstone.css", PackageResources.touchstone_css),
        ("touchstone.js", PackageResources.touchstone_js),
        ("favicon.svg", PackageResources.favicon_svg),
    ]

    private static let types = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml; charset=utf-8",
    ]

    /// Reads the folder, if there is one.
    init(folder: String?) {
        var files: [String: File] = [:]
        var all = Self.embedded + Self.fund
        for name in ["govuk-frontend.css", "govuk-frontend.js"] {
            guard let folder, let data = try? Data(contentsOf: URL(filePath: folder).appending(path: name)) else {
                continue
            }
            all.append((name, Array(data)))
        }
        for (name, bytes) in all {
            let ending = name.split(separator: ".").last.map(String.init) ?? ""
            files[name] = File(
                bytes: bytes, type: Self.types[ending] ?? "application/octet-stream",
                etag: "\"\(Digest.hex(Digest.sha256(bytes).prefix(16)))\"")
        }
        self.files = files
        hasFrontend = files["govuk-frontend.css"] != nil
        let summary = files.sorted { $0.key < $1.key }.map { $0.key + $0.value.etag }.joined()
        path = "/assets/" + Digest.hex(Digest.sha256(summary.utf8).prefix(8))
    }

    /// Whether something is there.
    func has(_ name: String) -> Bool { files[name] != nil }

    /// One file, or nothing if the client has it already.
    func response(version: String, name: String, request: Request) throws -> Response {
        guard let file = files[name] else { throw WebRefusal.notFound }
        let current = path.hasSuffix("/" + version)
        let headers: HTTPFields = [
            .contentType: file.type, .eTag: file.etag,
            .cacheControl: current ? "public, max-age=31536000, immutable" : "public, no-cache",
        ]
        let known = request.headers[values: .ifNoneMatch]
            .flatMap { $0.split(separator: ",").map { part in part.filter { $0 != " " } } }
        guard !known.contains(file.etag), !known.contains("*") else {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
