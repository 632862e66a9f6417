extension Form {
    /// Reads `multipart/form-data` (RFC 7578): texts as fields, what has a file name as a file.
    init(multipart bytes: [UInt8], boundary: String, most: Int = Limit.formFields) throws {
        guard (1...70).contains(boundary.utf8.count) else { throw Self.unreadable }
        let mark = Array("\r\n--\(boundary)".utf8)
        var pairs: [(String, String)] = []
        var files: [String: [UInt8]] = [:]
        // The first mark may stand at the very beginning.
        var rest = (Array("\r\n".utf8) + bytes)[...]
        guard let first = Self.delimiter(mark, in: rest), first.lowerBound == 0 else { throw Self.unreadable }
        rest = rest[first.upperBound...]
        while !rest.starts(with: Array("--".utf8)) {
            guard pairs.count + files.count < most, rest.starts(with: Array("\r\n".utf8)),
                let head = rest.firstRange(of: Array("\r\n\r\n".utf8)), head.lowerBound >= rest.startIndex + 2,
                // The line end of the head may be that of the mark: nothing was sent.
                let end = Self.delimiter(mark, in: rest), end.lowerBound >= head.lowerBound + 2
            else { throw Self.unreadable }
            let content = rest[head.upperBound..<max(end.lowerBound, head.upperBound)]
            guard let (name, isFile) = Self.disposition(rest[rest.startIndex + 2..<head.lowerBound]) else {
                throw Self.unreadable
            }
            if isFile {
                files[name] = Array(content)
            } else {
                guard let text = String(validating: content, as: UTF8.self), !text.utf8.contains(0) else {
                    throw Self.unreadable
                }
                pairs.append((name, text.replacing("\r\n", with: "\n")))
            }
            rest = rest[end.upperBound...]
        }
        self.init(pairs, files: files)
    }

    /// Where a mark stands that ends a part: what merely begins like one is content.
    private static func delimiter(_ mark: [UInt8], in bytes: ArraySlice<UInt8>) -> Range<Int>? {
        var rest = bytes
        while let found = rest.firstRange(of: mark) {
            let after = bytes[found.upperBound...]
            if after.starts(with: "\r\n".utf8) || after.starts(with: "--".utf8) { return found }
            rest = bytes[(found.lowerBound + 1)...]
        }
        return nil
    }

    private static var unreadable: WebRefusal {
        .malformed("form_malformed", "The form could not be read. Go back and send it again.")
    }

    /// `Content-Disposition: form-data; name="file"; filename="return.csv"`: its name, and whether it is a file.
    private static func disposition(_ head: ArraySlice<UInt8>) -> (name: String, isFile: Bool)? {
        guard let text = String(validating: head, as: UTF8.self) else { return nil }
        let lines = text.split(separator: "\r\n")
        guard let line = lines.first(where: { $0.lowercased().hasPrefix("content-disposition:") }),
            line.lowercased().contains("form-data"), let name = parameter("name", in: line), !name.isEmpty
        else { return nil }
        return (name, parameter("filename", in: line) != nil)
    }

    /// The value of `; name="…"`. Browsers write quotes in it as `%22`.
    private static func parameter(_ name: String, in line: Substring) -> String? {
        guard let start = line.firstRange(of: "; \(name)=\"") else { return nil }
        let value = line[start.upperBound...].prefix { $0 != "\"" }
        return String(value).replacing("%22", with: "\"")
    }

    /// The boundary of a content type; nil when it is not multipart.
    static func boundary(of contentType: String) -> String? {
        guard contentType.lowercased().hasPrefix("multipart/form-data"),
            let start = contentType.firstRange(of: "boundary=")
        else { return nil }
        let value = contentType[start.upperBound...].prefix { $0 != ";" }
        return String(value.first == "\"" ? value.dropFirst().prefix { $0 != "\"" } : value)
    }
}
