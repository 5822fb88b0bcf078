import Testing

@testable import OCIAuth

@Suite struct ConfigFileTests {
    private func value(_ key: String, in text: String, profile: String = "P") throws -> String? {
        try ConfigFile(text, path: "c").profile(named: profile)[key]?.value
    }

    /// A configuration file, and the value of `user` in its profile P.
    static let readings: [(text: String, user: String?)] = [
        ("[P]\nuser=u", "u"),
        ("[P]\nuser = u\n", "u"),
        ("[P]\nuser: u", "u"),
        ("[P]\nuser=a:b", "a:b"),
        ("[P]\nuser: a=b", "a=b"),
        ("[P]\nUSER=u", "u"),
        ("[P]\n  user =  u  \n", "u"),
        ("[P]\r\nuser=u\r\n", "u"),
        ("[P]\ruser=u\r", "u"),
        ("\u{FEFF}[P]\nuser=u", "u"),
        ("# a\n; b\n\n[P] # c\nuser=u", "u"),
        ("[P]\nuser=u # not a comment", "u # not a comment"),
        ("[P]\nuser=u;v", "u;v"),
        ("[P]\nuser=u\u{2028}v", "u\u{2028}v"),
        ("[ P ]\nuser=u", "u"),
        ("[P]\nuser=", nil),
        ("[DEFAULT]\nuser=d\n[P]\n", "d"),
        ("[P]\n[DEFAULT]\nuser=d", "d"),
        ("[DEFAULT]\nuser=d\n[P]\nuser=u", "u"),
        ("[DEFAULT]\nuser=d\n[P]\nuser=", nil),
        ("[default]\nuser=d\n[P]\n", nil),
        ("[DEFAULT]\nuser=d\n[DEFAULT]\nregion=r\n[P]\n", "d"),
    ]

    @Test("a value is parsed as the OCI tools parse it", arguments: readings)
    func values(text: String, user: String?) throws {
        #expect(try value("user", in: text) == user)
    }

    @Test("the token file of a session is not inherited, and DEFAULT keeps its own")
    func notInherited() throws {
        let text = "[DEFAULT]\nsecurity_token_file=t\nregion=r\n[P]\n"
        #expect(try value("security_token_file", in: text) == nil)
        #expect(try value("region", in: text) == "r")
        #expect(try value("security_token_file", in: text, profile: "DEFAULT") == "t")
    }

    /// A configuration file, the line with an error, and the reason.
    static let faults: [(text: String, line: Int, why: String)] = [
        ("user=u", 1, "the key user comes before the first [profile]"),
        ("\n\n[P]\nuser=u\nuser=v", 5, "the key user is there already, on line 4"),
        ("[P]\nuser=u\nUser: v", 3, "the key user is there already, on line 2"),
        ("[DEFAULT]\nuser=u\n[DEFAULT]\nuser=v", 4, "the key user is there already, on line 2"),
        ("[P]\nuser", 2, "it is neither a [profile], a key = value nor a comment"),
        ("[P]\n= u", 2, "it is neither a [profile], a key = value nor a comment"),
        ("[P\nuser=u", 1, "the profile's name has no closing ]"),
        ("[]\nuser=u", 1, "the profile has no name"),
        ("[P] user=u", 1, "something follows the profile's name"),
        ("[P]\n[Q]\n[P]", 3, "the profile [P] is there already, on line 1"),
    ]

    @Test("a parse error names the file and the line", arguments: faults)
    func errors(text: String, line: Int, why: String) throws {
        let error = try #require(throws: CredentialsError.self) { try ConfigFile(text, path: "/h/c") }
        #expect(error.problem == "Line \(line) of /h/c cannot be understood: \(why).")
        #expect(error.kind == .syntax(file: "/h/c", line: line))
    }

    @Test("an error does not quote the line, which may contain a pass phrase")
    func secretLine() throws {
        let error = try #require(throws: CredentialsError.self) { try ConfigFile("[P]\nhunter2", path: "c") }
        #expect(!"\(error)".contains("hunter2"))
    }

    @Test("the error for a missing profile lists the existing ones")
    func unknownProfile() throws {
        let file = try ConfigFile("[DEFAULT]\n[PROD]\n[default]", path: "/h/c")
        let error = try #require(throws: CredentialsError.self) { try file.profile(named: "prod") }
        #expect(error.problem == "There is no profile prod in /h/c.")
        #expect(error.advice == "It has: DEFAULT, PROD, default. Choose one with --profile.")
        let empty = try ConfigFile("# nothing", path: "/h/c")
        let none = try #require(throws: CredentialsError.self) { try empty.profile(named: "DEFAULT") }
        #expect(none.advice.hasPrefix("It has none."))
    }

    @Test("the error for a file that is not UTF-8 says so")
    func notUTF8() throws {
        let error = try #require(throws: CredentialsError.self) { try ConfigFile([0x5B, 0xFF, 0x5D], path: "c") }
        #expect(error.problem.contains("not UTF-8"))
    }
}
