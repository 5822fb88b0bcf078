import JSON

/// An item of a list operation, read leniently from an object that has a usable `key`.
protocol ListItem: Sendable {
    init(key: String, from fields: inout FieldReader)
    /// The item as it was sent, where it is kept.
    var json: JSONValue? { get set }
}

extension JobRunSummary: ListItem {
    init(key: String, from fields: inout FieldReader) {
        self.init(key: key)
        jobKey = fields.text("jobKey")
        jobName = fields.text("jobName")
        name = fields.text("name")
        createdBy = fields.text("createdBy")
        createdByName = fields.text("createdByName")
        runAs = fields.text("runAs")
        launched = fields.text("launched")
        startTime = fields.integer("startTime")
        endTime = fields.integer("endTime")
        executionDuration = fields.integer("executionDuration")
        timeCreated = fields.date("timeCreated")
        timeUpdated = fields.date("timeUpdated")
        state = fields.object("state") { RunState(from: &$0) }
    }
}

extension RunState {
    init(from fields: inout FieldReader) {
        self.init(
            status: fields.text("status"), stateMessage: fields.text("stateMessage"),
            errorTrace: fields.text("errorTrace"),
            isUserCanceledOrTimedOut: fields.boolean("isUserCanceledOrTimedOut"))
    }
}

extension JobSummary: ListItem {
    init(key: String, from fields: inout FieldReader) {
        self.init(key: key, name: fields.text("name"))
        path = fields.text("path")
        createdBy = fields.text("createdBy")
        createdByName = fields.text("createdByName")
        updatedBy = fields.text("updatedBy")
        updatedByName = fields.text("updatedByName")
        runAs = fields.text("runAs")
        schedule = fields.object("schedule") { schedule in
            Schedule(
                quartzCronExpression: schedule.text("quartzCronExpression"), timezoneID: schedule.text("timezoneId"),
                pauseStatus: schedule.text("pauseStatus"))
        }
        clusters = fields.texts("clusters")
        jobClusters = fields.list("jobClusters") { cluster in
            JobCluster(clusterKey: cluster.text("clusterKey"), clusterName: cluster.text("clusterName"))
        }
        timeCreated = fields.date("timeCreated")
        timeUpdated = fields.date("timeUpdated")
    }
}

extension TaskRunSummary: ListItem {
    init(key: String, from fields: inout FieldReader) {
        self.init(key: key)
        name = fields.text("name")
        taskKey = fields.text("taskKey")
        jobRunKey = fields.text("jobRunKey")
        startTime = fields.integer("startTime")
        endTime = fields.integer("endTime")
        state = fields.object("state") { RunState(from: &$0) }
        retryAttempt = fields.integer("retryAttempt")
    }
}
