import Runs

extension Place {
    /// The workspace of every test that has one.
    package static let test = Place(instanceID: "ocid1.aidataplatform.oc1.iad.test", workspaceKey: "workspace")
}

extension JobID {
    /// A job of the workspace ``Place/test``.
    package init(_ key: String) { self.init(place: .test, key: key) }
}

extension RunID {
    /// A run of a job of the workspace ``Place/test``.
    package init(_ key: String, of job: JobID = JobID("job")) { self.init(job: job, key: key) }
}
