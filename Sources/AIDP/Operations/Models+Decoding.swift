import JSON

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

extension JobDetails: ListItem {
    init(key: String, from fields: inout FieldReader) {
        summary = JobSummary(key: key, from: &fields)
        description = fields.text("description")
        maxConcurrentRuns = fields.integer("maxConcurrentRuns")
        timeoutSeconds = fields.integer("timeoutSeconds")
        parameters = fields.list("parameters") { Parameter(from: &$0) }
        continuousPauseStatus = fields.object("continuous") { $0.text("pauseStatus") }.flatMap(\.self)
        tasks = fields.list("tasks") { task in
            JobTask(
                taskKey: task.text("taskKey"), type: task.text("type"),
                dependsOn: task.list("dependsOn") { $0.text("taskKey") }.compactMap(\.self),
                maxRetries: task.integer("maxRetries"))
        }
    }

    var json: SentJSON? {
        get { summary.json }
        set { summary.json = newValue }
    }
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

extension JobRunDetails: ListItem {
    init(key: String, from fields: inout FieldReader) {
        summary = JobRunSummary(key: key, from: &fields)
        setupDuration = fields.integer("setupDuration")
        cleanupDuration = fields.integer("cleanupDuration")
        runDuration = fields.integer("runDuration")
        timeoutSeconds = fields.integer("timeoutSeconds")
        maxConcurrentRuns = fields.integer("maxConcurrentRuns")
        parentJobRunKey = fields.text("parentJobRunKey")
        rootJobRunKey = fields.text("rootJobRunKey")
        parameters = fields.list("parameters") { Parameter(from: &$0) }
        lifecycleStates = fields.list("lifecycleStates") { state in
            LifecycleState(
                status: state.text("status"), startTime: state.integer("startTime"), endTime: state.integer("endTime"))
        }
        repairHistory = fields.list("repairHistory") { repair in
            Repair(
                key: repair.integer("key"), type: repair.text("type"), startTime: repair.integer("startTime"),
                endTime: repair.integer("endTime"), state: repair.object("state") { RunState(from: &$0) })
        }
        // The map is indexed by the task's key; the task run's own key is one of its fields.
        taskRuns = fields.map("taskRunSummaryMap") { task in
            task.text("key").map { TaskRunSummary(key: $0, from: &task) }
        }.compactMap(\.self)
    }

    var json: SentJSON? {
        get { summary.json }
        set { summary.json = newValue }
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

extension Parameter {
    init(from fields: inout FieldReader) {
        self.init(name: fields.text("name") ?? "", value: fields.text("value") ?? "")
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

extension TaskRunDetails: ListItem {
    init(key: String, from fields: inout FieldReader) {
        summary = TaskRunSummary(key: key, from: &fields)
        jobKey = fields.text("jobKey")
        outputKey = fields.text("outputKey")
        setupDuration = fields.integer("setupDuration")
        executionDuration = fields.integer("executionDuration")
        cleanupDuration = fields.integer("cleanupDuration")
        retries = fields.list("retries") { retry in
            Retry(
                retryNumber: retry.integer("retryNumber"), startTime: retry.integer("startTime"),
                endTime: retry.integer("endTime"), outputKey: retry.text("outputKey"),
                state: retry.object("state") { RunState(from: &$0) })
        }
    }

    var json: SentJSON? {
        get { summary.json }
        set { summary.json = newValue }
    }
}

extension TaskRunOutput: ListItem {
    init(key: String, from fields: inout FieldReader) {
        self.key = key
        errorTrace = fields.text("errorTrace")
        isTruncated = fields.boolean("isTruncated")
        data = fields.list("data") { piece in
            Piece(type: piece.text("type"), value: piece.text("value"), isBase64: piece.boolean("isBase64"))
        }
    }
}

extension WorkspaceSummary: ListItem {
    init(key: String, from fields: inout FieldReader) {
        self.init(key: key)
        displayName = fields.text("displayName")
        description = fields.text("description")
        type = fields.text("type")
        lifecycleState = fields.text("lifecycleState")
        createdByName = fields.text("createdByName")
        timeCreated = fields.date("timeCreated")
        timeUpdated = fields.date("timeUpdated")
    }
}
