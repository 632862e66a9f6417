/// Markup that may be sent as it stands. Only components and templates make it; any text becomes it by being escaped.
struct HTML: Hashable, Sendable, Markup {
    /// The markup itself.
    let source: String

    /// Nothing.
    static let empty = HTML(trusted: "")

    /// Markup from our own templates or literals in this module. Never pass anything that came with a request.
    init(trusted source: String) { self.source = source }

    /// Text, escaped.
    init(text: String) {
        var escaped = ""
        escaped.reserveCapacity(text.utf8.count)
        for character in text.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        source = escaped
    }

    /// Text that stays on one line: a reference, a moment.
    static func unbroken(_ text: String) -> HTML {
        HTML(trusted: "<span class=\"app-nowrap\">\(HTML(text: text).source)</span>")
    }

    /// Itself.
    var html: HTML { self }

    /// One after the other.
    static func + (left: HTML, right: HTML) -> HTML { HTML(trusted: left.source + right.source) }

    /// One after the other, a line each.
    static func joined(_ parts: [any Markup]) -> HTML {
        HTML(trusted: parts.map(\.html.source).filter { !$0.isEmpty }.joined(separator: "\n"))
    }
}

/// Anything that renders itself: a component, a chart, a template with its fields.
protocol Markup: Sendable {
    /// The markup.
    var html: HTML { get }
}
