import Foundation

/// The date of an HTTP header in the one form that may be sent: `Fri, 01 May 2026 12:34:56 GMT` (RFC 9110).
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func date(_ text: String) -> Date? {
        let parts = text.split(separator: " ")
        guard parts.count == 6, parts[5] == "GMT", let month = months.firstIndex(of: String(parts[2])) else {
            return nil
        }
        return RFC3339.date("\(parts[3])-\(String(month + 101).dropFirst())-\(parts[1])T\(parts[4])Z")
    }
}
