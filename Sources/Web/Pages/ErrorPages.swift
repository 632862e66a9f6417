import Domain
import Hummingbird

/// The pages that say no, or that something broke.
enum ErrorPages {
    static func page(for problem: Problem, requestID: String) -> Page {
        var content: [any Markup] = [Component.Paragraph(problem.sentence)]
        if !problem.problems.isEmpty { content.append(Component.BulletList(problem.problems.map(\.sentence))) }
        if let seconds = problem.retryAfter {
            content.append(Component.Paragraph("Try again in \(seconds == 1 ? "a second" : "\(seconds) seconds")."))
        }
        if problem.status.code >= 500 {
            content.append(Component.Paragraph("Request id: \(requestID)", .small))
        }
        content.append(Component.Link("Go to the home page", "/").html)
        return Page(title(problem), content)
    }

    private static func title(_ problem: Problem) -> String {
        switch problem.status.code {
        case 401: "Sign in first"
        case 403: "You cannot do this"
        case 404: "Page not found"
        case 405: "This cannot be done here"
        case 409, 412: "This is not possible now"
        case 413: "Too much was sent"
        case 422: "Some answers need changing"
        case 429: "Too many attempts"
        case 503: "The service is not available just now"
        case 500...: "Sorry, something went wrong"
        default: "The request could not be understood"
        }
    }
}
