import HTTP
import Testing

@Suite struct LoggedTargetTests {
    @Test(
        "a target is logged without the values of page tokens",
        arguments: [
            ("/jobs?page=secret", "/jobs?page=…"),
            ("/jobs?limit=5&page=a%26b&sortBy=x", "/jobs?limit=5&page=…&sortBy=x"),
            ("/jobs?page=a&page=b?page=c", "/jobs?page=…&page=…"), ("/jobs?page=", "/jobs?page=…"),
            ("/x?homepage=1&page2=3", "/x?homepage=1&page2=3"), ("/page=1?é=ü", "/page=1?é=ü"), ("", ""), ("/?", "/?"),
        ])
    func logged(_ target: String, _ logged: String) throws {
        #expect(HTTPRequest(to: try BaseURL("https://h"), target: target).loggedTarget == logged)
    }
}
