import * as $protobuf from "protobufjs/minimal.js";

/** Namespace cpe. */
export namespace cpe {

    /** Namespace v1. */
    namespace v1 {

        /**
         * Properties of an Envelope.
         * @deprecated Use cpe.v1.Envelope.$Properties instead.
         */
        interface IEnvelope extends cpe.v1.Envelope.$Properties {
        }

        /** Represents an Envelope. */
        class Envelope {

            /**
             * Constructs a new Envelope.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Envelope.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Envelope messageId. */
            messageId: string;

            /** Envelope inReplyTo. */
            inReplyTo: string;

            /** Envelope operationId. */
            operationId: string;

            /** Envelope protocolMajor. */
            protocolMajor: number;

            /** Envelope protocolMinor. */
            protocolMinor: number;

            /** Envelope sender. */
            sender?: (cpe.v1.Sender.$Properties|null);

            /** Envelope deployable. */
            deployable: string;

            /** Envelope epoch. */
            epoch: number;

            /** Envelope deadlineUnixMs. */
            deadlineUnixMs: number;

            /** Envelope onBehalfOf. */
            onBehalfOf: string;

            /** Envelope error. */
            error?: (cpe.v1.Error.$Properties|null);

            /** Envelope ack. */
            ack?: (cpe.v1.Ack.$Properties|null);

            /** Envelope createDeployable. */
            createDeployable?: (cpe.v1.CreateDeployable.$Properties|null);

            /** Envelope reloadDeployable. */
            reloadDeployable?: (cpe.v1.ReloadDeployable.$Properties|null);

            /** Envelope startDeployable. */
            startDeployable?: (cpe.v1.StartDeployable.$Properties|null);

            /** Envelope stopDeployable. */
            stopDeployable?: (cpe.v1.StopDeployable.$Properties|null);

            /** Envelope deleteDeployable. */
            deleteDeployable?: (cpe.v1.DeleteDeployable.$Properties|null);

            /** Envelope listDeployables. */
            listDeployables?: (cpe.v1.ListDeployables.$Properties|null);

            /** Envelope getDefinition. */
            getDefinition?: (cpe.v1.GetDefinition.$Properties|null);

            /** Envelope getEvents. */
            getEvents?: (cpe.v1.GetEvents.$Properties|null);

            /** Envelope getFailures. */
            getFailures?: (cpe.v1.GetFailures.$Properties|null);

            /** Envelope getInfo. */
            getInfo?: (cpe.v1.GetInfo.$Properties|null);

            /** Envelope suspend. */
            suspend?: (cpe.v1.Suspend.$Properties|null);

            /** Envelope resume. */
            resume?: (cpe.v1.Resume.$Properties|null);

            /** Envelope deployableChanged. */
            deployableChanged?: (cpe.v1.DeployableChanged.$Properties|null);

            /** Envelope deployableList. */
            deployableList?: (cpe.v1.DeployableList.$Properties|null);

            /** Envelope definition. */
            definition?: (cpe.v1.Definition.$Properties|null);

            /** Envelope eventList. */
            eventList?: (cpe.v1.EventList.$Properties|null);

            /** Envelope failureList. */
            failureList?: (cpe.v1.FailureList.$Properties|null);

            /** Envelope info. */
            info?: (cpe.v1.Info.$Properties|null);

            /** Envelope getStatus. */
            getStatus?: (cpe.v1.GetStatus.$Properties|null);

            /** Envelope getCib. */
            getCib?: (cpe.v1.GetCib.$Properties|null);

            /** Envelope listTransitions. */
            listTransitions?: (cpe.v1.ListTransitions.$Properties|null);

            /** Envelope poke. */
            poke?: (cpe.v1.Poke.$Properties|null);

            /** Envelope deployableStatus. */
            deployableStatus?: (cpe.v1.DeployableStatus.$Properties|null);

            /** Envelope cib. */
            cib?: (cpe.v1.Cib.$Properties|null);

            /** Envelope transitionList. */
            transitionList?: (cpe.v1.TransitionList.$Properties|null);

            /** Envelope eventsCommitted. */
            eventsCommitted?: (cpe.v1.EventsCommitted.$Properties|null);

            /** Envelope silenceCount. */
            silenceCount?: (cpe.v1.SilenceCount.$Properties|null);

            /** Envelope adoptLauncher. */
            adoptLauncher?: (cpe.v1.AdoptLauncher.$Properties|null);

            /** Envelope startInstance. */
            startInstance?: (cpe.v1.StartInstance.$Properties|null);

            /** Envelope stopInstance. */
            stopInstance?: (cpe.v1.StopInstance.$Properties|null);

            /** Envelope destroyInstance. */
            destroyInstance?: (cpe.v1.DestroyInstance.$Properties|null);

            /** Envelope inspectInstance. */
            inspectInstance?: (cpe.v1.InspectInstance.$Properties|null);

            /** Envelope listInstances. */
            listInstances?: (cpe.v1.ListInstances.$Properties|null);

            /** Envelope forgetInstance. */
            forgetInstance?: (cpe.v1.ForgetInstance.$Properties|null);

            /** Envelope launcherInventory. */
            launcherInventory?: (cpe.v1.LauncherInventory.$Properties|null);

            /** Envelope instanceState. */
            instanceState?: (cpe.v1.InstanceState.$Properties|null);

            /** Envelope launcherBeat. */
            launcherBeat?: (cpe.v1.LauncherBeat.$Properties|null);

            /** Envelope launcherReport. */
            launcherReport?: (cpe.v1.LauncherReport.$Properties|null);

            /** Envelope adoptAgent. */
            adoptAgent?: (cpe.v1.AdoptAgent.$Properties|null);

            /** Envelope executeOperation. */
            executeOperation?: (cpe.v1.ExecuteOperation.$Properties|null);

            /** Envelope cancelOperation. */
            cancelOperation?: (cpe.v1.CancelOperation.$Properties|null);

            /** Envelope setDelegation. */
            setDelegation?: (cpe.v1.SetDelegation.$Properties|null);

            /** Envelope renewLease. */
            renewLease?: (cpe.v1.RenewLease.$Properties|null);

            /** Envelope agentInventory. */
            agentInventory?: (cpe.v1.AgentInventory.$Properties|null);

            /** Envelope operationAccepted. */
            operationAccepted?: (cpe.v1.OperationAccepted.$Properties|null);

            /** Envelope register. */
            register?: (cpe.v1.Register.$Properties|null);

            /** Envelope registered. */
            registered?: (cpe.v1.Registered.$Properties|null);

            /** Envelope heartbeat. */
            heartbeat?: (cpe.v1.Heartbeat.$Properties|null);

            /** Envelope agentReport. */
            agentReport?: (cpe.v1.AgentReport.$Properties|null);

            /** Envelope reportAck. */
            reportAck?: (cpe.v1.ReportAck.$Properties|null);

            /** Envelope resourceStart. */
            resourceStart?: (cpe.v1.ResourceStart.$Properties|null);

            /** Envelope resourceStop. */
            resourceStop?: (cpe.v1.ResourceStop.$Properties|null);

            /** Envelope resourceRestart. */
            resourceRestart?: (cpe.v1.ResourceRestart.$Properties|null);

            /** Envelope resourceMove. */
            resourceMove?: (cpe.v1.ResourceMove.$Properties|null);

            /** Envelope resourceBan. */
            resourceBan?: (cpe.v1.ResourceBan.$Properties|null);

            /** Envelope resourceClear. */
            resourceClear?: (cpe.v1.ResourceClear.$Properties|null);

            /** Envelope resourceCleanup. */
            resourceCleanup?: (cpe.v1.ResourceCleanup.$Properties|null);

            /** Envelope resourceManage. */
            resourceManage?: (cpe.v1.ResourceManage.$Properties|null);

            /** Envelope resourceUnmanage. */
            resourceUnmanage?: (cpe.v1.ResourceUnmanage.$Properties|null);

            /** Envelope resourceFail. */
            resourceFail?: (cpe.v1.ResourceFail.$Properties|null);

            /** Envelope resourceFailcount. */
            resourceFailcount?: (cpe.v1.ResourceFailcount.$Properties|null);

            /** Envelope failCountList. */
            failCountList?: (cpe.v1.FailCountList.$Properties|null);

            /** Envelope assemblyStandby. */
            assemblyStandby?: (cpe.v1.AssemblyStandby.$Properties|null);

            /** Envelope assemblyUnstandby. */
            assemblyUnstandby?: (cpe.v1.AssemblyUnstandby.$Properties|null);

            /** Envelope assemblyRestart. */
            assemblyRestart?: (cpe.v1.AssemblyRestart.$Properties|null);

            /** Envelope assemblyDestroy. */
            assemblyDestroy?: (cpe.v1.AssemblyDestroy.$Properties|null);

            /** Envelope assemblyDrain. */
            assemblyDrain?: (cpe.v1.AssemblyDrain.$Properties|null);

            /** Envelope deployableMaintenance. */
            deployableMaintenance?: (cpe.v1.DeployableMaintenance.$Properties|null);

            /** Envelope deployableHold. */
            deployableHold?: (cpe.v1.DeployableHold.$Properties|null);

            /** Envelope deployableResume. */
            deployableResume?: (cpe.v1.DeployableResume.$Properties|null);

            /** Envelope verbDone. */
            verbDone?: (cpe.v1.VerbDone.$Properties|null);

            /** Envelope hostList. */
            hostList?: (cpe.v1.HostList.$Properties|null);

            /** Envelope hostStatus. */
            hostStatus?: (cpe.v1.HostStatus.$Properties|null);

            /** Envelope hostDrain. */
            hostDrain?: (cpe.v1.HostDrain.$Properties|null);

            /** Envelope hostConfirmDead. */
            hostConfirmDead?: (cpe.v1.HostConfirmDead.$Properties|null);

            /** Envelope hostFencer. */
            hostFencer?: (cpe.v1.HostFencer.$Properties|null);

            /** Envelope hostSummaries. */
            hostSummaries?: (cpe.v1.HostSummaries.$Properties|null);

            /** Envelope simulate. */
            simulate?: (cpe.v1.Simulate.$Properties|null);

            /** Envelope planDeployable. */
            planDeployable?: (cpe.v1.PlanDeployable.$Properties|null);

            /** Envelope plan. */
            plan?: (cpe.v1.Plan.$Properties|null);

            /** Envelope deployableHistory. */
            deployableHistory?: (cpe.v1.DeployableHistory.$Properties|null);

            /** Envelope deployableVersions. */
            deployableVersions?: (cpe.v1.DeployableVersions.$Properties|null);

            /** Envelope rollbackDeployable. */
            rollbackDeployable?: (cpe.v1.RollbackDeployable.$Properties|null);

            /** Envelope getVersion. */
            getVersion?: (cpe.v1.GetVersion.$Properties|null);

            /** Envelope explain. */
            explain?: (cpe.v1.Explain.$Properties|null);

            /** Envelope explanation. */
            explanation?: (cpe.v1.Explanation.$Properties|null);

            /** Envelope getTransition. */
            getTransition?: (cpe.v1.GetTransition.$Properties|null);

            /** Envelope transition. */
            transition?: (cpe.v1.Transition.$Properties|null);

            /** Envelope replayTransition. */
            replayTransition?: (cpe.v1.ReplayTransition.$Properties|null);

            /** Envelope replay. */
            replay?: (cpe.v1.Replay.$Properties|null);

            /** Envelope body. */
            body?: ("error"|"ack"|"createDeployable"|"reloadDeployable"|"startDeployable"|"stopDeployable"|"deleteDeployable"|"listDeployables"|"getDefinition"|"getEvents"|"getFailures"|"getInfo"|"suspend"|"resume"|"deployableChanged"|"deployableList"|"definition"|"eventList"|"failureList"|"info"|"getStatus"|"getCib"|"listTransitions"|"poke"|"deployableStatus"|"cib"|"transitionList"|"eventsCommitted"|"silenceCount"|"adoptLauncher"|"startInstance"|"stopInstance"|"destroyInstance"|"inspectInstance"|"listInstances"|"forgetInstance"|"launcherInventory"|"instanceState"|"launcherBeat"|"launcherReport"|"adoptAgent"|"executeOperation"|"cancelOperation"|"setDelegation"|"renewLease"|"agentInventory"|"operationAccepted"|"register"|"registered"|"heartbeat"|"agentReport"|"reportAck"|"resourceStart"|"resourceStop"|"resourceRestart"|"resourceMove"|"resourceBan"|"resourceClear"|"resourceCleanup"|"resourceManage"|"resourceUnmanage"|"resourceFail"|"resourceFailcount"|"failCountList"|"assemblyStandby"|"assemblyUnstandby"|"assemblyRestart"|"assemblyDestroy"|"assemblyDrain"|"deployableMaintenance"|"deployableHold"|"deployableResume"|"verbDone"|"hostList"|"hostStatus"|"hostDrain"|"hostConfirmDead"|"hostFencer"|"hostSummaries"|"simulate"|"planDeployable"|"plan"|"deployableHistory"|"deployableVersions"|"rollbackDeployable"|"getVersion"|"explain"|"explanation"|"getTransition"|"transition"|"replayTransition"|"replay");

            /**
             * Encodes the specified Envelope message. Does not implicitly {@link cpe.v1.Envelope.verify|verify} messages.
             * @param message Envelope message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Envelope.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Envelope message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Envelope & cpe.v1.Envelope.$Shape} Envelope
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Envelope & cpe.v1.Envelope.$Shape;
        }

        namespace Envelope {

            /** Properties of an Envelope. */
            interface $Properties {

                /** Envelope messageId */
                messageId?: (string|null);

                /** Envelope inReplyTo */
                inReplyTo?: (string|null);

                /** Envelope operationId */
                operationId?: (string|null);

                /** Envelope protocolMajor */
                protocolMajor?: (number|null);

                /** Envelope protocolMinor */
                protocolMinor?: (number|null);

                /** Envelope sender */
                sender?: (cpe.v1.Sender.$Properties|null);

                /** Envelope deployable */
                deployable?: (string|null);

                /** Envelope epoch */
                epoch?: (number|null);

                /** Envelope deadlineUnixMs */
                deadlineUnixMs?: (number|null);

                /** Envelope onBehalfOf */
                onBehalfOf?: (string|null);

                /** Envelope error */
                error?: (cpe.v1.Error.$Properties|null);

                /** Envelope ack */
                ack?: (cpe.v1.Ack.$Properties|null);

                /** Envelope createDeployable */
                createDeployable?: (cpe.v1.CreateDeployable.$Properties|null);

                /** Envelope reloadDeployable */
                reloadDeployable?: (cpe.v1.ReloadDeployable.$Properties|null);

                /** Envelope startDeployable */
                startDeployable?: (cpe.v1.StartDeployable.$Properties|null);

                /** Envelope stopDeployable */
                stopDeployable?: (cpe.v1.StopDeployable.$Properties|null);

                /** Envelope deleteDeployable */
                deleteDeployable?: (cpe.v1.DeleteDeployable.$Properties|null);

                /** Envelope listDeployables */
                listDeployables?: (cpe.v1.ListDeployables.$Properties|null);

                /** Envelope getDefinition */
                getDefinition?: (cpe.v1.GetDefinition.$Properties|null);

                /** Envelope getEvents */
                getEvents?: (cpe.v1.GetEvents.$Properties|null);

                /** Envelope getFailures */
                getFailures?: (cpe.v1.GetFailures.$Properties|null);

                /** Envelope getInfo */
                getInfo?: (cpe.v1.GetInfo.$Properties|null);

                /** Envelope suspend */
                suspend?: (cpe.v1.Suspend.$Properties|null);

                /** Envelope resume */
                resume?: (cpe.v1.Resume.$Properties|null);

                /** Envelope deployableChanged */
                deployableChanged?: (cpe.v1.DeployableChanged.$Properties|null);

                /** Envelope deployableList */
                deployableList?: (cpe.v1.DeployableList.$Properties|null);

                /** Envelope definition */
                definition?: (cpe.v1.Definition.$Properties|null);

                /** Envelope eventList */
                eventList?: (cpe.v1.EventList.$Properties|null);

                /** Envelope failureList */
                failureList?: (cpe.v1.FailureList.$Properties|null);

                /** Envelope info */
                info?: (cpe.v1.Info.$Properties|null);

                /** Envelope getStatus */
                getStatus?: (cpe.v1.GetStatus.$Properties|null);

                /** Envelope getCib */
                getCib?: (cpe.v1.GetCib.$Properties|null);

                /** Envelope listTransitions */
                listTransitions?: (cpe.v1.ListTransitions.$Properties|null);

                /** Envelope poke */
                poke?: (cpe.v1.Poke.$Properties|null);

                /** Envelope deployableStatus */
                deployableStatus?: (cpe.v1.DeployableStatus.$Properties|null);

                /** Envelope cib */
                cib?: (cpe.v1.Cib.$Properties|null);

                /** Envelope transitionList */
                transitionList?: (cpe.v1.TransitionList.$Properties|null);

                /** Envelope eventsCommitted */
                eventsCommitted?: (cpe.v1.EventsCommitted.$Properties|null);

                /** Envelope silenceCount */
                silenceCount?: (cpe.v1.SilenceCount.$Properties|null);

                /** Envelope adoptLauncher */
                adoptLauncher?: (cpe.v1.AdoptLauncher.$Properties|null);

                /** Envelope startInstance */
                startInstance?: (cpe.v1.StartInstance.$Properties|null);

                /** Envelope stopInstance */
                stopInstance?: (cpe.v1.StopInstance.$Properties|null);

                /** Envelope destroyInstance */
                destroyInstance?: (cpe.v1.DestroyInstance.$Properties|null);

                /** Envelope inspectInstance */
                inspectInstance?: (cpe.v1.InspectInstance.$Properties|null);

                /** Envelope listInstances */
                listInstances?: (cpe.v1.ListInstances.$Properties|null);

                /** Envelope forgetInstance */
                forgetInstance?: (cpe.v1.ForgetInstance.$Properties|null);

                /** Envelope launcherInventory */
                launcherInventory?: (cpe.v1.LauncherInventory.$Properties|null);

                /** Envelope instanceState */
                instanceState?: (cpe.v1.InstanceState.$Properties|null);

                /** Envelope launcherBeat */
                launcherBeat?: (cpe.v1.LauncherBeat.$Properties|null);

                /** Envelope launcherReport */
                launcherReport?: (cpe.v1.LauncherReport.$Properties|null);

                /** Envelope adoptAgent */
                adoptAgent?: (cpe.v1.AdoptAgent.$Properties|null);

                /** Envelope executeOperation */
                executeOperation?: (cpe.v1.ExecuteOperation.$Properties|null);

                /** Envelope cancelOperation */
                cancelOperation?: (cpe.v1.CancelOperation.$Properties|null);

                /** Envelope setDelegation */
                setDelegation?: (cpe.v1.SetDelegation.$Properties|null);

                /** Envelope renewLease */
                renewLease?: (cpe.v1.RenewLease.$Properties|null);

                /** Envelope agentInventory */
                agentInventory?: (cpe.v1.AgentInventory.$Properties|null);

                /** Envelope operationAccepted */
                operationAccepted?: (cpe.v1.OperationAccepted.$Properties|null);

                /** Envelope register */
                register?: (cpe.v1.Register.$Properties|null);

                /** Envelope registered */
                registered?: (cpe.v1.Registered.$Properties|null);

                /** Envelope heartbeat */
                heartbeat?: (cpe.v1.Heartbeat.$Properties|null);

                /** Envelope agentReport */
                agentReport?: (cpe.v1.AgentReport.$Properties|null);

                /** Envelope reportAck */
                reportAck?: (cpe.v1.ReportAck.$Properties|null);

                /** Envelope resourceStart */
                resourceStart?: (cpe.v1.ResourceStart.$Properties|null);

                /** Envelope resourceStop */
                resourceStop?: (cpe.v1.ResourceStop.$Properties|null);

                /** Envelope resourceRestart */
                resourceRestart?: (cpe.v1.ResourceRestart.$Properties|null);

                /** Envelope resourceMove */
                resourceMove?: (cpe.v1.ResourceMove.$Properties|null);

                /** Envelope resourceBan */
                resourceBan?: (cpe.v1.ResourceBan.$Properties|null);

                /** Envelope resourceClear */
                resourceClear?: (cpe.v1.ResourceClear.$Properties|null);

                /** Envelope resourceCleanup */
                resourceCleanup?: (cpe.v1.ResourceCleanup.$Properties|null);

                /** Envelope resourceManage */
                resourceManage?: (cpe.v1.ResourceManage.$Properties|null);

                /** Envelope resourceUnmanage */
                resourceUnmanage?: (cpe.v1.ResourceUnmanage.$Properties|null);

                /** Envelope resourceFail */
                resourceFail?: (cpe.v1.ResourceFail.$Properties|null);

                /** Envelope resourceFailcount */
                resourceFailcount?: (cpe.v1.ResourceFailcount.$Properties|null);

                /** Envelope failCountList */
                failCountList?: (cpe.v1.FailCountList.$Properties|null);

                /** Envelope assemblyStandby */
                assemblyStandby?: (cpe.v1.AssemblyStandby.$Properties|null);

                /** Envelope assemblyUnstandby */
                assemblyUnstandby?: (cpe.v1.AssemblyUnstandby.$Properties|null);

                /** Envelope assemblyRestart */
                assemblyRestart?: (cpe.v1.AssemblyRestart.$Properties|null);

                /** Envelope assemblyDestroy */
                assemblyDestroy?: (cpe.v1.AssemblyDestroy.$Properties|null);

                /** Envelope assemblyDrain */
                assemblyDrain?: (cpe.v1.AssemblyDrain.$Properties|null);

                /** Envelope deployableMaintenance */
                deployableMaintenance?: (cpe.v1.DeployableMaintenance.$Properties|null);

                /** Envelope deployableHold */
                deployableHold?: (cpe.v1.DeployableHold.$Properties|null);

                /** Envelope deployableResume */
                deployableResume?: (cpe.v1.DeployableResume.$Properties|null);

                /** Envelope verbDone */
                verbDone?: (cpe.v1.VerbDone.$Properties|null);

                /** Envelope hostList */
                hostList?: (cpe.v1.HostList.$Properties|null);

                /** Envelope hostStatus */
                hostStatus?: (cpe.v1.HostStatus.$Properties|null);

                /** Envelope hostDrain */
                hostDrain?: (cpe.v1.HostDrain.$Properties|null);

                /** Envelope hostConfirmDead */
                hostConfirmDead?: (cpe.v1.HostConfirmDead.$Properties|null);

                /** Envelope hostFencer */
                hostFencer?: (cpe.v1.HostFencer.$Properties|null);

                /** Envelope hostSummaries */
                hostSummaries?: (cpe.v1.HostSummaries.$Properties|null);

                /** Envelope simulate */
                simulate?: (cpe.v1.Simulate.$Properties|null);

                /** Envelope planDeployable */
                planDeployable?: (cpe.v1.PlanDeployable.$Properties|null);

                /** Envelope plan */
                plan?: (cpe.v1.Plan.$Properties|null);

                /** Envelope deployableHistory */
                deployableHistory?: (cpe.v1.DeployableHistory.$Properties|null);

                /** Envelope deployableVersions */
                deployableVersions?: (cpe.v1.DeployableVersions.$Properties|null);

                /** Envelope rollbackDeployable */
                rollbackDeployable?: (cpe.v1.RollbackDeployable.$Properties|null);

                /** Envelope getVersion */
                getVersion?: (cpe.v1.GetVersion.$Properties|null);

                /** Envelope explain */
                explain?: (cpe.v1.Explain.$Properties|null);

                /** Envelope explanation */
                explanation?: (cpe.v1.Explanation.$Properties|null);

                /** Envelope getTransition */
                getTransition?: (cpe.v1.GetTransition.$Properties|null);

                /** Envelope transition */
                transition?: (cpe.v1.Transition.$Properties|null);

                /** Envelope replayTransition */
                replayTransition?: (cpe.v1.ReplayTransition.$Properties|null);

                /** Envelope replay */
                replay?: (cpe.v1.Replay.$Properties|null);

                /** Envelope body */
                body?: ("error"|"ack"|"createDeployable"|"reloadDeployable"|"startDeployable"|"stopDeployable"|"deleteDeployable"|"listDeployables"|"getDefinition"|"getEvents"|"getFailures"|"getInfo"|"suspend"|"resume"|"deployableChanged"|"deployableList"|"definition"|"eventList"|"failureList"|"info"|"getStatus"|"getCib"|"listTransitions"|"poke"|"deployableStatus"|"cib"|"transitionList"|"eventsCommitted"|"silenceCount"|"adoptLauncher"|"startInstance"|"stopInstance"|"destroyInstance"|"inspectInstance"|"listInstances"|"forgetInstance"|"launcherInventory"|"instanceState"|"launcherBeat"|"launcherReport"|"adoptAgent"|"executeOperation"|"cancelOperation"|"setDelegation"|"renewLease"|"agentInventory"|"operationAccepted"|"register"|"registered"|"heartbeat"|"agentReport"|"reportAck"|"resourceStart"|"resourceStop"|"resourceRestart"|"resourceMove"|"resourceBan"|"resourceClear"|"resourceCleanup"|"resourceManage"|"resourceUnmanage"|"resourceFail"|"resourceFailcount"|"failCountList"|"assemblyStandby"|"assemblyUnstandby"|"assemblyRestart"|"assemblyDestroy"|"assemblyDrain"|"deployableMaintenance"|"deployableHold"|"deployableResume"|"verbDone"|"hostList"|"hostStatus"|"hostDrain"|"hostConfirmDead"|"hostFencer"|"hostSummaries"|"simulate"|"planDeployable"|"plan"|"deployableHistory"|"deployableVersions"|"rollbackDeployable"|"getVersion"|"explain"|"explanation"|"getTransition"|"transition"|"replayTransition"|"replay");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of an Envelope. */
            type $Shape = {
              messageId?: string|null;
              inReplyTo?: string|null;
              operationId?: string|null;
              protocolMajor?: number|null;
              protocolMinor?: number|null;
              sender?: cpe.v1.Sender.$Shape|null;
              deployable?: string|null;
              epoch?: number|null;
              deadlineUnixMs?: number|null;
              onBehalfOf?: string|null;
              error?: cpe.v1.Error.$Shape|null;
              ack?: cpe.v1.Ack.$Shape|null;
              createDeployable?: cpe.v1.CreateDeployable.$Shape|null;
              reloadDeployable?: cpe.v1.ReloadDeployable.$Shape|null;
              startDeployable?: cpe.v1.StartDeployable.$Shape|null;
              stopDeployable?: cpe.v1.StopDeployable.$Shape|null;
              deleteDeployable?: cpe.v1.DeleteDeployable.$Shape|null;
              listDeployables?: cpe.v1.ListDeployables.$Shape|null;
              getDefinition?: cpe.v1.GetDefinition.$Shape|null;
              getEvents?: cpe.v1.GetEvents.$Shape|null;
              getFailures?: cpe.v1.GetFailures.$Shape|null;
              getInfo?: cpe.v1.GetInfo.$Shape|null;
              suspend?: cpe.v1.Suspend.$Shape|null;
              resume?: cpe.v1.Resume.$Shape|null;
              deployableChanged?: cpe.v1.DeployableChanged.$Shape|null;
              deployableList?: cpe.v1.DeployableList.$Shape|null;
              definition?: cpe.v1.Definition.$Shape|null;
              eventList?: cpe.v1.EventList.$Shape|null;
              failureList?: cpe.v1.FailureList.$Shape|null;
              info?: cpe.v1.Info.$Shape|null;
              getStatus?: cpe.v1.GetStatus.$Shape|null;
              getCib?: cpe.v1.GetCib.$Shape|null;
              listTransitions?: cpe.v1.ListTransitions.$Shape|null;
              poke?: cpe.v1.Poke.$Shape|null;
              deployableStatus?: cpe.v1.DeployableStatus.$Shape|null;
              cib?: cpe.v1.Cib.$Shape|null;
              transitionList?: cpe.v1.TransitionList.$Shape|null;
              eventsCommitted?: cpe.v1.EventsCommitted.$Shape|null;
              silenceCount?: cpe.v1.SilenceCount.$Shape|null;
              adoptLauncher?: cpe.v1.AdoptLauncher.$Shape|null;
              startInstance?: cpe.v1.StartInstance.$Shape|null;
              stopInstance?: cpe.v1.StopInstance.$Shape|null;
              destroyInstance?: cpe.v1.DestroyInstance.$Shape|null;
              inspectInstance?: cpe.v1.InspectInstance.$Shape|null;
              listInstances?: cpe.v1.ListInstances.$Shape|null;
              forgetInstance?: cpe.v1.ForgetInstance.$Shape|null;
              launcherInventory?: cpe.v1.LauncherInventory.$Shape|null;
              instanceState?: cpe.v1.InstanceState.$Shape|null;
              launcherBeat?: cpe.v1.LauncherBeat.$Shape|null;
              launcherReport?: cpe.v1.LauncherReport.$Shape|null;
              adoptAgent?: cpe.v1.AdoptAgent.$Shape|null;
              executeOperation?: cpe.v1.ExecuteOperation.$Shape|null;
              cancelOperation?: cpe.v1.CancelOperation.$Shape|null;
              setDelegation?: cpe.v1.SetDelegation.$Shape|null;
              renewLease?: cpe.v1.RenewLease.$Shape|null;
              agentInventory?: cpe.v1.AgentInventory.$Shape|null;
              operationAccepted?: cpe.v1.OperationAccepted.$Shape|null;
              register?: cpe.v1.Register.$Shape|null;
              registered?: cpe.v1.Registered.$Shape|null;
              heartbeat?: cpe.v1.Heartbeat.$Shape|null;
              agentReport?: cpe.v1.AgentReport.$Shape|null;
              reportAck?: cpe.v1.ReportAck.$Shape|null;
              resourceStart?: cpe.v1.ResourceStart.$Shape|null;
              resourceStop?: cpe.v1.ResourceStop.$Shape|null;
              resourceRestart?: cpe.v1.ResourceRestart.$Shape|null;
              resourceMove?: cpe.v1.ResourceMove.$Shape|null;
              resourceBan?: cpe.v1.ResourceBan.$Shape|null;
              resourceClear?: cpe.v1.ResourceClear.$Shape|null;
              resourceCleanup?: cpe.v1.ResourceCleanup.$Shape|null;
              resourceManage?: cpe.v1.ResourceManage.$Shape|null;
              resourceUnmanage?: cpe.v1.ResourceUnmanage.$Shape|null;
              resourceFail?: cpe.v1.ResourceFail.$Shape|null;
              resourceFailcount?: cpe.v1.ResourceFailcount.$Shape|null;
              failCountList?: cpe.v1.FailCountList.$Shape|null;
              assemblyStandby?: cpe.v1.AssemblyStandby.$Shape|null;
              assemblyUnstandby?: cpe.v1.AssemblyUnstandby.$Shape|null;
              assemblyRestart?: cpe.v1.AssemblyRestart.$Shape|null;
              assemblyDestroy?: cpe.v1.AssemblyDestroy.$Shape|null;
              assemblyDrain?: cpe.v1.AssemblyDrain.$Shape|null;
              deployableMaintenance?: cpe.v1.DeployableMaintenance.$Shape|null;
              deployableHold?: cpe.v1.DeployableHold.$Shape|null;
              deployableResume?: cpe.v1.DeployableResume.$Shape|null;
              verbDone?: cpe.v1.VerbDone.$Shape|null;
              hostList?: cpe.v1.HostList.$Shape|null;
              hostStatus?: cpe.v1.HostStatus.$Shape|null;
              hostDrain?: cpe.v1.HostDrain.$Shape|null;
              hostConfirmDead?: cpe.v1.HostConfirmDead.$Shape|null;
              hostFencer?: cpe.v1.HostFencer.$Shape|null;
              hostSummaries?: cpe.v1.HostSummaries.$Shape|null;
              simulate?: cpe.v1.Simulate.$Shape|null;
              planDeployable?: cpe.v1.PlanDeployable.$Shape|null;
              plan?: cpe.v1.Plan.$Shape|null;
              deployableHistory?: cpe.v1.DeployableHistory.$Shape|null;
              deployableVersions?: cpe.v1.DeployableVersions.$Shape|null;
              rollbackDeployable?: cpe.v1.RollbackDeployable.$Shape|null;
              getVersion?: cpe.v1.GetVersion.$Shape|null;
              explain?: cpe.v1.Explain.$Shape|null;
              explanation?: cpe.v1.Explanation.$Shape|null;
              getTransition?: cpe.v1.GetTransition.$Shape|null;
              transition?: cpe.v1.Transition.$Shape|null;
              replayTransition?: cpe.v1.ReplayTransition.$Shape|null;
              replay?: cpe.v1.Replay.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ body?: undefined; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "error"; error: cpe.v1.Error.$Shape; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "ack"; error?: null; ack: cpe.v1.Ack.$Shape; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "createDeployable"; error?: null; ack?: null; createDeployable: cpe.v1.CreateDeployable.$Shape; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "reloadDeployable"; error?: null; ack?: null; createDeployable?: null; reloadDeployable: cpe.v1.ReloadDeployable.$Shape; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "startDeployable"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable: cpe.v1.StartDeployable.$Shape; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "stopDeployable"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable: cpe.v1.StopDeployable.$Shape; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deleteDeployable"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable: cpe.v1.DeleteDeployable.$Shape; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "listDeployables"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables: cpe.v1.ListDeployables.$Shape; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getDefinition"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition: cpe.v1.GetDefinition.$Shape; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getEvents"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents: cpe.v1.GetEvents.$Shape; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getFailures"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures: cpe.v1.GetFailures.$Shape; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getInfo"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo: cpe.v1.GetInfo.$Shape; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "suspend"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend: cpe.v1.Suspend.$Shape; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resume"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume: cpe.v1.Resume.$Shape; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableChanged"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged: cpe.v1.DeployableChanged.$Shape; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableList"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList: cpe.v1.DeployableList.$Shape; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "definition"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition: cpe.v1.Definition.$Shape; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "eventList"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList: cpe.v1.EventList.$Shape; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "failureList"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList: cpe.v1.FailureList.$Shape; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "info"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info: cpe.v1.Info.$Shape; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getStatus"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus: cpe.v1.GetStatus.$Shape; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getCib"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib: cpe.v1.GetCib.$Shape; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "listTransitions"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions: cpe.v1.ListTransitions.$Shape; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "poke"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke: cpe.v1.Poke.$Shape; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableStatus"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus: cpe.v1.DeployableStatus.$Shape; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "cib"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib: cpe.v1.Cib.$Shape; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "transitionList"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList: cpe.v1.TransitionList.$Shape; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "eventsCommitted"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted: cpe.v1.EventsCommitted.$Shape; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "silenceCount"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount: cpe.v1.SilenceCount.$Shape; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "adoptLauncher"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher: cpe.v1.AdoptLauncher.$Shape; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "startInstance"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance: cpe.v1.StartInstance.$Shape; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "stopInstance"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance: cpe.v1.StopInstance.$Shape; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "destroyInstance"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance: cpe.v1.DestroyInstance.$Shape; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "inspectInstance"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance: cpe.v1.InspectInstance.$Shape; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "listInstances"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances: cpe.v1.ListInstances.$Shape; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "forgetInstance"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance: cpe.v1.ForgetInstance.$Shape; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "launcherInventory"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory: cpe.v1.LauncherInventory.$Shape; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "instanceState"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState: cpe.v1.InstanceState.$Shape; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "launcherBeat"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat: cpe.v1.LauncherBeat.$Shape; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "launcherReport"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport: cpe.v1.LauncherReport.$Shape; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "adoptAgent"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent: cpe.v1.AdoptAgent.$Shape; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "executeOperation"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation: cpe.v1.ExecuteOperation.$Shape; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "cancelOperation"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation: cpe.v1.CancelOperation.$Shape; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "setDelegation"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation: cpe.v1.SetDelegation.$Shape; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "renewLease"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease: cpe.v1.RenewLease.$Shape; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "agentInventory"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory: cpe.v1.AgentInventory.$Shape; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "operationAccepted"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted: cpe.v1.OperationAccepted.$Shape; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "register"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register: cpe.v1.Register.$Shape; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "registered"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered: cpe.v1.Registered.$Shape; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "heartbeat"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat: cpe.v1.Heartbeat.$Shape; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "agentReport"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport: cpe.v1.AgentReport.$Shape; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "reportAck"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck: cpe.v1.ReportAck.$Shape; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceStart"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart: cpe.v1.ResourceStart.$Shape; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceStop"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop: cpe.v1.ResourceStop.$Shape; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceRestart"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart: cpe.v1.ResourceRestart.$Shape; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceMove"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove: cpe.v1.ResourceMove.$Shape; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceBan"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan: cpe.v1.ResourceBan.$Shape; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceClear"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear: cpe.v1.ResourceClear.$Shape; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceCleanup"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup: cpe.v1.ResourceCleanup.$Shape; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceManage"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage: cpe.v1.ResourceManage.$Shape; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceUnmanage"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage: cpe.v1.ResourceUnmanage.$Shape; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceFail"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail: cpe.v1.ResourceFail.$Shape; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "resourceFailcount"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount: cpe.v1.ResourceFailcount.$Shape; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "failCountList"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList: cpe.v1.FailCountList.$Shape; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "assemblyStandby"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby: cpe.v1.AssemblyStandby.$Shape; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "assemblyUnstandby"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby: cpe.v1.AssemblyUnstandby.$Shape; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "assemblyRestart"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart: cpe.v1.AssemblyRestart.$Shape; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "assemblyDestroy"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy: cpe.v1.AssemblyDestroy.$Shape; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "assemblyDrain"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain: cpe.v1.AssemblyDrain.$Shape; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableMaintenance"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance: cpe.v1.DeployableMaintenance.$Shape; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableHold"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold: cpe.v1.DeployableHold.$Shape; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableResume"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume: cpe.v1.DeployableResume.$Shape; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "verbDone"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone: cpe.v1.VerbDone.$Shape; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "hostList"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList: cpe.v1.HostList.$Shape; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "hostStatus"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus: cpe.v1.HostStatus.$Shape; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "hostDrain"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain: cpe.v1.HostDrain.$Shape; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "hostConfirmDead"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead: cpe.v1.HostConfirmDead.$Shape; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "hostFencer"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer: cpe.v1.HostFencer.$Shape; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "hostSummaries"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries: cpe.v1.HostSummaries.$Shape; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "simulate"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate: cpe.v1.Simulate.$Shape; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "planDeployable"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable: cpe.v1.PlanDeployable.$Shape; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "plan"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan: cpe.v1.Plan.$Shape; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableHistory"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory: cpe.v1.DeployableHistory.$Shape; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "deployableVersions"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions: cpe.v1.DeployableVersions.$Shape; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "rollbackDeployable"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable: cpe.v1.RollbackDeployable.$Shape; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getVersion"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion: cpe.v1.GetVersion.$Shape; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "explain"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain: cpe.v1.Explain.$Shape; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "explanation"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation: cpe.v1.Explanation.$Shape; getTransition?: null; transition?: null; replayTransition?: null; replay?: null }|{ body?: "getTransition"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition: cpe.v1.GetTransition.$Shape; transition?: null; replayTransition?: null; replay?: null }|{ body?: "transition"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition: cpe.v1.Transition.$Shape; replayTransition?: null; replay?: null }|{ body?: "replayTransition"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition: cpe.v1.ReplayTransition.$Shape; replay?: null }|{ body?: "replay"; error?: null; ack?: null; createDeployable?: null; reloadDeployable?: null; startDeployable?: null; stopDeployable?: null; deleteDeployable?: null; listDeployables?: null; getDefinition?: null; getEvents?: null; getFailures?: null; getInfo?: null; suspend?: null; resume?: null; deployableChanged?: null; deployableList?: null; definition?: null; eventList?: null; failureList?: null; info?: null; getStatus?: null; getCib?: null; listTransitions?: null; poke?: null; deployableStatus?: null; cib?: null; transitionList?: null; eventsCommitted?: null; silenceCount?: null; adoptLauncher?: null; startInstance?: null; stopInstance?: null; destroyInstance?: null; inspectInstance?: null; listInstances?: null; forgetInstance?: null; launcherInventory?: null; instanceState?: null; launcherBeat?: null; launcherReport?: null; adoptAgent?: null; executeOperation?: null; cancelOperation?: null; setDelegation?: null; renewLease?: null; agentInventory?: null; operationAccepted?: null; register?: null; registered?: null; heartbeat?: null; agentReport?: null; reportAck?: null; resourceStart?: null; resourceStop?: null; resourceRestart?: null; resourceMove?: null; resourceBan?: null; resourceClear?: null; resourceCleanup?: null; resourceManage?: null; resourceUnmanage?: null; resourceFail?: null; resourceFailcount?: null; failCountList?: null; assemblyStandby?: null; assemblyUnstandby?: null; assemblyRestart?: null; assemblyDestroy?: null; assemblyDrain?: null; deployableMaintenance?: null; deployableHold?: null; deployableResume?: null; verbDone?: null; hostList?: null; hostStatus?: null; hostDrain?: null; hostConfirmDead?: null; hostFencer?: null; hostSummaries?: null; simulate?: null; planDeployable?: null; plan?: null; deployableHistory?: null; deployableVersions?: null; rollbackDeployable?: null; getVersion?: null; explain?: null; explanation?: null; getTransition?: null; transition?: null; replayTransition?: null; replay: cpe.v1.Replay.$Shape })
            );
        }

        /**
         * Properties of a Sender.
         * @deprecated Use cpe.v1.Sender.$Properties instead.
         */
        interface ISender extends cpe.v1.Sender.$Properties {
        }

        /** Represents a Sender. */
        class Sender {

            /**
             * Constructs a new Sender.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Sender.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Sender role. */
            role: cpe.v1.Role;

            /** Sender id. */
            id: string;

            /** Sender incarnation. */
            incarnation: string;

            /**
             * Encodes the specified Sender message. Does not implicitly {@link cpe.v1.Sender.verify|verify} messages.
             * @param message Sender message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Sender.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Sender message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Sender & cpe.v1.Sender.$Shape} Sender
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Sender & cpe.v1.Sender.$Shape;
        }

        namespace Sender {

            /** Properties of a Sender. */
            interface $Properties {

                /** Sender role */
                role?: (cpe.v1.Role|null);

                /** Sender id */
                id?: (string|null);

                /** Sender incarnation */
                incarnation?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Sender. */
            type $Shape = cpe.v1.Sender.$Properties;
        }

        /** Role enum. */
        enum Role {

            /** ROLE_UNSPECIFIED value */
            ROLE_UNSPECIFIED = 0,

            /** ROLE_CPE value */
            ROLE_CPE = 1,

            /** ROLE_DPE value */
            ROLE_DPE = 2,

            /** ROLE_LAUNCHER value */
            ROLE_LAUNCHER = 3,

            /** ROLE_AGENT value */
            ROLE_AGENT = 4,

            /** ROLE_OPERATOR value */
            ROLE_OPERATOR = 5
        }

        /**
         * Properties of a Document.
         * @deprecated Use cpe.v1.Document.$Properties instead.
         */
        interface IDocument extends cpe.v1.Document.$Properties {
        }

        /** Represents a Document. */
        class Document {

            /**
             * Constructs a new Document.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Document.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Document format. */
            format: string;

            /** Document text. */
            text: string;

            /** Document fileName. */
            fileName: string;

            /**
             * Encodes the specified Document message. Does not implicitly {@link cpe.v1.Document.verify|verify} messages.
             * @param message Document message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Document.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Document message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Document & cpe.v1.Document.$Shape} Document
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Document & cpe.v1.Document.$Shape;
        }

        namespace Document {

            /** Properties of a Document. */
            interface $Properties {

                /** Document format */
                format?: (string|null);

                /** Document text */
                text?: (string|null);

                /** Document fileName */
                fileName?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Document. */
            type $Shape = cpe.v1.Document.$Properties;
        }

        /**
         * Properties of a CreateDeployable.
         * @deprecated Use cpe.v1.CreateDeployable.$Properties instead.
         */
        interface ICreateDeployable extends cpe.v1.CreateDeployable.$Properties {
        }

        /** Represents a CreateDeployable. */
        class CreateDeployable {

            /**
             * Constructs a new CreateDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.CreateDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CreateDeployable document. */
            document?: (cpe.v1.Document.$Properties|null);

            /** CreateDeployable comment. */
            comment: string;

            /**
             * Encodes the specified CreateDeployable message. Does not implicitly {@link cpe.v1.CreateDeployable.verify|verify} messages.
             * @param message CreateDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.CreateDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CreateDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.CreateDeployable & cpe.v1.CreateDeployable.$Shape} CreateDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.CreateDeployable & cpe.v1.CreateDeployable.$Shape;
        }

        namespace CreateDeployable {

            /** Properties of a CreateDeployable. */
            interface $Properties {

                /** CreateDeployable document */
                document?: (cpe.v1.Document.$Properties|null);

                /** CreateDeployable comment */
                comment?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CreateDeployable. */
            type $Shape = cpe.v1.CreateDeployable.$Properties;
        }

        /**
         * Properties of a ReloadDeployable.
         * @deprecated Use cpe.v1.ReloadDeployable.$Properties instead.
         */
        interface IReloadDeployable extends cpe.v1.ReloadDeployable.$Properties {
        }

        /** Represents a ReloadDeployable. */
        class ReloadDeployable {

            /**
             * Constructs a new ReloadDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ReloadDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ReloadDeployable name. */
            name: string;

            /** ReloadDeployable document. */
            document?: (cpe.v1.Document.$Properties|null);

            /** ReloadDeployable comment. */
            comment: string;

            /**
             * Encodes the specified ReloadDeployable message. Does not implicitly {@link cpe.v1.ReloadDeployable.verify|verify} messages.
             * @param message ReloadDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ReloadDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReloadDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ReloadDeployable & cpe.v1.ReloadDeployable.$Shape} ReloadDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ReloadDeployable & cpe.v1.ReloadDeployable.$Shape;
        }

        namespace ReloadDeployable {

            /** Properties of a ReloadDeployable. */
            interface $Properties {

                /** ReloadDeployable name */
                name?: (string|null);

                /** ReloadDeployable document */
                document?: (cpe.v1.Document.$Properties|null);

                /** ReloadDeployable comment */
                comment?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ReloadDeployable. */
            type $Shape = cpe.v1.ReloadDeployable.$Properties;
        }

        /**
         * Properties of a StartDeployable.
         * @deprecated Use cpe.v1.StartDeployable.$Properties instead.
         */
        interface IStartDeployable extends cpe.v1.StartDeployable.$Properties {
        }

        /** Represents a StartDeployable. */
        class StartDeployable {

            /**
             * Constructs a new StartDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.StartDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StartDeployable name. */
            name: string;

            /**
             * Encodes the specified StartDeployable message. Does not implicitly {@link cpe.v1.StartDeployable.verify|verify} messages.
             * @param message StartDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.StartDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StartDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.StartDeployable & cpe.v1.StartDeployable.$Shape} StartDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.StartDeployable & cpe.v1.StartDeployable.$Shape;
        }

        namespace StartDeployable {

            /** Properties of a StartDeployable. */
            interface $Properties {

                /** StartDeployable name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StartDeployable. */
            type $Shape = cpe.v1.StartDeployable.$Properties;
        }

        /**
         * Properties of a StopDeployable.
         * @deprecated Use cpe.v1.StopDeployable.$Properties instead.
         */
        interface IStopDeployable extends cpe.v1.StopDeployable.$Properties {
        }

        /** Represents a StopDeployable. */
        class StopDeployable {

            /**
             * Constructs a new StopDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.StopDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StopDeployable name. */
            name: string;

            /** StopDeployable force. */
            force: boolean;

            /**
             * Encodes the specified StopDeployable message. Does not implicitly {@link cpe.v1.StopDeployable.verify|verify} messages.
             * @param message StopDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.StopDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StopDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.StopDeployable & cpe.v1.StopDeployable.$Shape} StopDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.StopDeployable & cpe.v1.StopDeployable.$Shape;
        }

        namespace StopDeployable {

            /** Properties of a StopDeployable. */
            interface $Properties {

                /** StopDeployable name */
                name?: (string|null);

                /** StopDeployable force */
                force?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StopDeployable. */
            type $Shape = cpe.v1.StopDeployable.$Properties;
        }

        /**
         * Properties of a DeleteDeployable.
         * @deprecated Use cpe.v1.DeleteDeployable.$Properties instead.
         */
        interface IDeleteDeployable extends cpe.v1.DeleteDeployable.$Properties {
        }

        /** Represents a DeleteDeployable. */
        class DeleteDeployable {

            /**
             * Constructs a new DeleteDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeleteDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeleteDeployable name. */
            name: string;

            /**
             * Encodes the specified DeleteDeployable message. Does not implicitly {@link cpe.v1.DeleteDeployable.verify|verify} messages.
             * @param message DeleteDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeleteDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeleteDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeleteDeployable & cpe.v1.DeleteDeployable.$Shape} DeleteDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeleteDeployable & cpe.v1.DeleteDeployable.$Shape;
        }

        namespace DeleteDeployable {

            /** Properties of a DeleteDeployable. */
            interface $Properties {

                /** DeleteDeployable name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeleteDeployable. */
            type $Shape = cpe.v1.DeleteDeployable.$Properties;
        }

        /**
         * Properties of a ListDeployables.
         * @deprecated Use cpe.v1.ListDeployables.$Properties instead.
         */
        interface IListDeployables extends cpe.v1.ListDeployables.$Properties {
        }

        /** Represents a ListDeployables. */
        class ListDeployables {

            /**
             * Constructs a new ListDeployables.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ListDeployables.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified ListDeployables message. Does not implicitly {@link cpe.v1.ListDeployables.verify|verify} messages.
             * @param message ListDeployables message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ListDeployables.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListDeployables message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ListDeployables & cpe.v1.ListDeployables.$Shape} ListDeployables
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ListDeployables & cpe.v1.ListDeployables.$Shape;
        }

        namespace ListDeployables {

            /** Properties of a ListDeployables. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListDeployables. */
            type $Shape = cpe.v1.ListDeployables.$Properties;
        }

        /**
         * Properties of a GetDefinition.
         * @deprecated Use cpe.v1.GetDefinition.$Properties instead.
         */
        interface IGetDefinition extends cpe.v1.GetDefinition.$Properties {
        }

        /** Represents a GetDefinition. */
        class GetDefinition {

            /**
             * Constructs a new GetDefinition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetDefinition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetDefinition name. */
            name: string;

            /**
             * Encodes the specified GetDefinition message. Does not implicitly {@link cpe.v1.GetDefinition.verify|verify} messages.
             * @param message GetDefinition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetDefinition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetDefinition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetDefinition & cpe.v1.GetDefinition.$Shape} GetDefinition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetDefinition & cpe.v1.GetDefinition.$Shape;
        }

        namespace GetDefinition {

            /** Properties of a GetDefinition. */
            interface $Properties {

                /** GetDefinition name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetDefinition. */
            type $Shape = cpe.v1.GetDefinition.$Properties;
        }

        /**
         * Properties of a DeployableChanged.
         * @deprecated Use cpe.v1.DeployableChanged.$Properties instead.
         */
        interface IDeployableChanged extends cpe.v1.DeployableChanged.$Properties {
        }

        /** Represents a DeployableChanged. */
        class DeployableChanged {

            /**
             * Constructs a new DeployableChanged.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableChanged.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableChanged name. */
            name: string;

            /** DeployableChanged revision. */
            revision: number;

            /** DeployableChanged desired. */
            desired: string;

            /** DeployableChanged warnings. */
            warnings: cpe.v1.DocumentProblem.$Properties[];

            /** DeployableChanged changed. */
            changed: boolean;

            /** DeployableChanged lastSeq. */
            lastSeq: number;

            /** DeployableChanged desiredRevision. */
            desiredRevision: number;

            /**
             * Encodes the specified DeployableChanged message. Does not implicitly {@link cpe.v1.DeployableChanged.verify|verify} messages.
             * @param message DeployableChanged message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableChanged.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableChanged message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableChanged & cpe.v1.DeployableChanged.$Shape} DeployableChanged
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableChanged & cpe.v1.DeployableChanged.$Shape;
        }

        namespace DeployableChanged {

            /** Properties of a DeployableChanged. */
            interface $Properties {

                /** DeployableChanged name */
                name?: (string|null);

                /** DeployableChanged revision */
                revision?: (number|null);

                /** DeployableChanged desired */
                desired?: (string|null);

                /** DeployableChanged warnings */
                warnings?: (cpe.v1.DocumentProblem.$Properties[]|null);

                /** DeployableChanged changed */
                changed?: (boolean|null);

                /** DeployableChanged lastSeq */
                lastSeq?: (number|null);

                /** DeployableChanged desiredRevision */
                desiredRevision?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableChanged. */
            type $Shape = cpe.v1.DeployableChanged.$Properties;
        }

        /**
         * Properties of a DeployableSummary.
         * @deprecated Use cpe.v1.DeployableSummary.$Properties instead.
         */
        interface IDeployableSummary extends cpe.v1.DeployableSummary.$Properties {
        }

        /** Represents a DeployableSummary. */
        class DeployableSummary {

            /**
             * Constructs a new DeployableSummary.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableSummary.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableSummary name. */
            name: string;

            /** DeployableSummary desired. */
            desired: string;

            /** DeployableSummary condition. */
            condition: string;

            /** DeployableSummary assemblies. */
            assemblies: number;

            /** DeployableSummary resources. */
            resources: number;

            /** DeployableSummary revision. */
            revision: number;

            /** DeployableSummary createdUnixMs. */
            createdUnixMs: number;

            /** DeployableSummary reason. */
            reason: string;

            /**
             * Encodes the specified DeployableSummary message. Does not implicitly {@link cpe.v1.DeployableSummary.verify|verify} messages.
             * @param message DeployableSummary message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableSummary.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableSummary message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableSummary & cpe.v1.DeployableSummary.$Shape} DeployableSummary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableSummary & cpe.v1.DeployableSummary.$Shape;
        }

        namespace DeployableSummary {

            /** Properties of a DeployableSummary. */
            interface $Properties {

                /** DeployableSummary name */
                name?: (string|null);

                /** DeployableSummary desired */
                desired?: (string|null);

                /** DeployableSummary condition */
                condition?: (string|null);

                /** DeployableSummary assemblies */
                assemblies?: (number|null);

                /** DeployableSummary resources */
                resources?: (number|null);

                /** DeployableSummary revision */
                revision?: (number|null);

                /** DeployableSummary createdUnixMs */
                createdUnixMs?: (number|null);

                /** DeployableSummary reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableSummary. */
            type $Shape = cpe.v1.DeployableSummary.$Properties;
        }

        /**
         * Properties of a DeployableList.
         * @deprecated Use cpe.v1.DeployableList.$Properties instead.
         */
        interface IDeployableList extends cpe.v1.DeployableList.$Properties {
        }

        /** Represents a DeployableList. */
        class DeployableList {

            /**
             * Constructs a new DeployableList.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableList deployables. */
            deployables: cpe.v1.DeployableSummary.$Properties[];

            /**
             * Encodes the specified DeployableList message. Does not implicitly {@link cpe.v1.DeployableList.verify|verify} messages.
             * @param message DeployableList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableList & cpe.v1.DeployableList.$Shape} DeployableList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableList & cpe.v1.DeployableList.$Shape;
        }

        namespace DeployableList {

            /** Properties of a DeployableList. */
            interface $Properties {

                /** DeployableList deployables */
                deployables?: (cpe.v1.DeployableSummary.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableList. */
            type $Shape = cpe.v1.DeployableList.$Properties;
        }

        /**
         * Properties of a Definition.
         * @deprecated Use cpe.v1.Definition.$Properties instead.
         */
        interface IDefinition extends cpe.v1.Definition.$Properties {
        }

        /** Represents a Definition. */
        class Definition {

            /**
             * Constructs a new Definition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Definition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Definition name. */
            name: string;

            /** Definition revision. */
            revision: number;

            /** Definition document. */
            document?: (cpe.v1.Document.$Properties|null);

            /**
             * Encodes the specified Definition message. Does not implicitly {@link cpe.v1.Definition.verify|verify} messages.
             * @param message Definition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Definition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Definition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Definition & cpe.v1.Definition.$Shape} Definition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Definition & cpe.v1.Definition.$Shape;
        }

        namespace Definition {

            /** Properties of a Definition. */
            interface $Properties {

                /** Definition name */
                name?: (string|null);

                /** Definition revision */
                revision?: (number|null);

                /** Definition document */
                document?: (cpe.v1.Document.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Definition. */
            type $Shape = cpe.v1.Definition.$Properties;
        }

        /**
         * Properties of a GetEvents.
         * @deprecated Use cpe.v1.GetEvents.$Properties instead.
         */
        interface IGetEvents extends cpe.v1.GetEvents.$Properties {
        }

        /** Represents a GetEvents. */
        class GetEvents {

            /**
             * Constructs a new GetEvents.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetEvents.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetEvents since. */
            since: number;

            /** GetEvents limit. */
            limit: number;

            /** GetEvents deployable. */
            deployable: string;

            /** GetEvents waitMs. */
            waitMs: number;

            /**
             * Encodes the specified GetEvents message. Does not implicitly {@link cpe.v1.GetEvents.verify|verify} messages.
             * @param message GetEvents message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetEvents.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetEvents message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetEvents & cpe.v1.GetEvents.$Shape} GetEvents
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetEvents & cpe.v1.GetEvents.$Shape;
        }

        namespace GetEvents {

            /** Properties of a GetEvents. */
            interface $Properties {

                /** GetEvents since */
                since?: (number|null);

                /** GetEvents limit */
                limit?: (number|null);

                /** GetEvents deployable */
                deployable?: (string|null);

                /** GetEvents waitMs */
                waitMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetEvents. */
            type $Shape = cpe.v1.GetEvents.$Properties;
        }

        /**
         * Properties of an EventList.
         * @deprecated Use cpe.v1.EventList.$Properties instead.
         */
        interface IEventList extends cpe.v1.EventList.$Properties {
        }

        /** Represents an EventList. */
        class EventList {

            /**
             * Constructs a new EventList.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.EventList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventList events. */
            events: cpe.v1.Event.$Properties[];

            /** EventList lastSeq. */
            lastSeq: number;

            /**
             * Encodes the specified EventList message. Does not implicitly {@link cpe.v1.EventList.verify|verify} messages.
             * @param message EventList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.EventList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.EventList & cpe.v1.EventList.$Shape} EventList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.EventList & cpe.v1.EventList.$Shape;
        }

        namespace EventList {

            /** Properties of an EventList. */
            interface $Properties {

                /** EventList events */
                events?: (cpe.v1.Event.$Properties[]|null);

                /** EventList lastSeq */
                lastSeq?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventList. */
            type $Shape = cpe.v1.EventList.$Properties;
        }

        /**
         * Properties of a GetFailures.
         * @deprecated Use cpe.v1.GetFailures.$Properties instead.
         */
        interface IGetFailures extends cpe.v1.GetFailures.$Properties {
        }

        /** Represents a GetFailures. */
        class GetFailures {

            /**
             * Constructs a new GetFailures.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetFailures.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetFailures deployable. */
            deployable: string;

            /** GetFailures limit. */
            limit: number;

            /**
             * Encodes the specified GetFailures message. Does not implicitly {@link cpe.v1.GetFailures.verify|verify} messages.
             * @param message GetFailures message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetFailures.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetFailures message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetFailures & cpe.v1.GetFailures.$Shape} GetFailures
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetFailures & cpe.v1.GetFailures.$Shape;
        }

        namespace GetFailures {

            /** Properties of a GetFailures. */
            interface $Properties {

                /** GetFailures deployable */
                deployable?: (string|null);

                /** GetFailures limit */
                limit?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetFailures. */
            type $Shape = cpe.v1.GetFailures.$Properties;
        }

        /**
         * Properties of a Failure.
         * @deprecated Use cpe.v1.Failure.$Properties instead.
         */
        interface IFailure extends cpe.v1.Failure.$Properties {
        }

        /** Represents a Failure. */
        class Failure {

            /**
             * Constructs a new Failure.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Failure.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Failure seq. */
            seq: number;

            /** Failure timeUnixMs. */
            timeUnixMs: number;

            /** Failure deployable. */
            deployable: string;

            /** Failure assembly. */
            assembly: string;

            /** Failure resource. */
            resource: string;

            /** Failure instance. */
            instance: string;

            /** Failure what. */
            what: string;

            /** Failure reason. */
            reason: string;

            /** Failure recovery. */
            recovery: string;

            /** Failure recoveredUnixMs. */
            recoveredUnixMs: number;

            /** Failure evidenceJson. */
            evidenceJson: string;

            /**
             * Encodes the specified Failure message. Does not implicitly {@link cpe.v1.Failure.verify|verify} messages.
             * @param message Failure message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Failure.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Failure message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Failure & cpe.v1.Failure.$Shape} Failure
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Failure & cpe.v1.Failure.$Shape;
        }

        namespace Failure {

            /** Properties of a Failure. */
            interface $Properties {

                /** Failure seq */
                seq?: (number|null);

                /** Failure timeUnixMs */
                timeUnixMs?: (number|null);

                /** Failure deployable */
                deployable?: (string|null);

                /** Failure assembly */
                assembly?: (string|null);

                /** Failure resource */
                resource?: (string|null);

                /** Failure instance */
                instance?: (string|null);

                /** Failure what */
                what?: (string|null);

                /** Failure reason */
                reason?: (string|null);

                /** Failure recovery */
                recovery?: (string|null);

                /** Failure recoveredUnixMs */
                recoveredUnixMs?: (number|null);

                /** Failure evidenceJson */
                evidenceJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Failure. */
            type $Shape = cpe.v1.Failure.$Properties;
        }

        /**
         * Properties of a FailureList.
         * @deprecated Use cpe.v1.FailureList.$Properties instead.
         */
        interface IFailureList extends cpe.v1.FailureList.$Properties {
        }

        /** Represents a FailureList. */
        class FailureList {

            /**
             * Constructs a new FailureList.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.FailureList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FailureList failures. */
            failures: cpe.v1.Failure.$Properties[];

            /**
             * Encodes the specified FailureList message. Does not implicitly {@link cpe.v1.FailureList.verify|verify} messages.
             * @param message FailureList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.FailureList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FailureList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.FailureList & cpe.v1.FailureList.$Shape} FailureList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.FailureList & cpe.v1.FailureList.$Shape;
        }

        namespace FailureList {

            /** Properties of a FailureList. */
            interface $Properties {

                /** FailureList failures */
                failures?: (cpe.v1.Failure.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FailureList. */
            type $Shape = cpe.v1.FailureList.$Properties;
        }

        /**
         * Properties of a Suspend.
         * @deprecated Use cpe.v1.Suspend.$Properties instead.
         */
        interface ISuspend extends cpe.v1.Suspend.$Properties {
        }

        /** Represents a Suspend. */
        class Suspend {

            /**
             * Constructs a new Suspend.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Suspend.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Suspend message. Does not implicitly {@link cpe.v1.Suspend.verify|verify} messages.
             * @param message Suspend message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Suspend.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Suspend message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Suspend & cpe.v1.Suspend.$Shape} Suspend
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Suspend & cpe.v1.Suspend.$Shape;
        }

        namespace Suspend {

            /** Properties of a Suspend. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Suspend. */
            type $Shape = cpe.v1.Suspend.$Properties;
        }

        /**
         * Properties of a Resume.
         * @deprecated Use cpe.v1.Resume.$Properties instead.
         */
        interface IResume extends cpe.v1.Resume.$Properties {
        }

        /** Represents a Resume. */
        class Resume {

            /**
             * Constructs a new Resume.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Resume.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Resume message. Does not implicitly {@link cpe.v1.Resume.verify|verify} messages.
             * @param message Resume message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Resume.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Resume message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Resume & cpe.v1.Resume.$Shape} Resume
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Resume & cpe.v1.Resume.$Shape;
        }

        namespace Resume {

            /** Properties of a Resume. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Resume. */
            type $Shape = cpe.v1.Resume.$Properties;
        }

        /**
         * Properties of a GetInfo.
         * @deprecated Use cpe.v1.GetInfo.$Properties instead.
         */
        interface IGetInfo extends cpe.v1.GetInfo.$Properties {
        }

        /** Represents a GetInfo. */
        class GetInfo {

            /**
             * Constructs a new GetInfo.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetInfo.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified GetInfo message. Does not implicitly {@link cpe.v1.GetInfo.verify|verify} messages.
             * @param message GetInfo message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetInfo.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetInfo message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetInfo & cpe.v1.GetInfo.$Shape} GetInfo
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetInfo & cpe.v1.GetInfo.$Shape;
        }

        namespace GetInfo {

            /** Properties of a GetInfo. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetInfo. */
            type $Shape = cpe.v1.GetInfo.$Properties;
        }

        /**
         * Properties of a ProcessInfo.
         * @deprecated Use cpe.v1.ProcessInfo.$Properties instead.
         */
        interface IProcessInfo extends cpe.v1.ProcessInfo.$Properties {
        }

        /** Represents a ProcessInfo. */
        class ProcessInfo {

            /**
             * Constructs a new ProcessInfo.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ProcessInfo.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ProcessInfo role. */
            role: string;

            /** ProcessInfo name. */
            name: string;

            /** ProcessInfo pid. */
            pid: number;

            /** ProcessInfo stateDirectory. */
            stateDirectory: string;

            /** ProcessInfo status. */
            status: string;

            /** ProcessInfo restarts. */
            restarts: number;

            /** ProcessInfo startedUnixMs. */
            startedUnixMs: number;

            /** ProcessInfo memoryBytes. */
            memoryBytes: number;

            /** ProcessInfo deployable. */
            deployable: string;

            /** ProcessInfo assembly. */
            assembly: string;

            /** ProcessInfo launcherHost. */
            launcherHost: string;

            /** ProcessInfo address. */
            address: string;

            /**
             * Encodes the specified ProcessInfo message. Does not implicitly {@link cpe.v1.ProcessInfo.verify|verify} messages.
             * @param message ProcessInfo message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ProcessInfo.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ProcessInfo message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ProcessInfo & cpe.v1.ProcessInfo.$Shape} ProcessInfo
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ProcessInfo & cpe.v1.ProcessInfo.$Shape;
        }

        namespace ProcessInfo {

            /** Properties of a ProcessInfo. */
            interface $Properties {

                /** ProcessInfo role */
                role?: (string|null);

                /** ProcessInfo name */
                name?: (string|null);

                /** ProcessInfo pid */
                pid?: (number|null);

                /** ProcessInfo stateDirectory */
                stateDirectory?: (string|null);

                /** ProcessInfo status */
                status?: (string|null);

                /** ProcessInfo restarts */
                restarts?: (number|null);

                /** ProcessInfo startedUnixMs */
                startedUnixMs?: (number|null);

                /** ProcessInfo memoryBytes */
                memoryBytes?: (number|null);

                /** ProcessInfo deployable */
                deployable?: (string|null);

                /** ProcessInfo assembly */
                assembly?: (string|null);

                /** ProcessInfo launcherHost */
                launcherHost?: (string|null);

                /** ProcessInfo address */
                address?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ProcessInfo. */
            type $Shape = cpe.v1.ProcessInfo.$Properties;
        }

        /**
         * Properties of an Info.
         * @deprecated Use cpe.v1.Info.$Properties instead.
         */
        interface IInfo extends cpe.v1.Info.$Properties {
        }

        /** Represents an Info. */
        class Info {

            /**
             * Constructs a new Info.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Info.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Info version. */
            version: string;

            /** Info home. */
            home: string;

            /** Info busUrl. */
            busUrl: string;

            /** Info credentialsFile. */
            credentialsFile: string;

            /** Info schedulerVersion. */
            schedulerVersion: string;

            /** Info processes. */
            processes: cpe.v1.ProcessInfo.$Properties[];

            /**
             * Encodes the specified Info message. Does not implicitly {@link cpe.v1.Info.verify|verify} messages.
             * @param message Info message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Info.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Info message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Info & cpe.v1.Info.$Shape} Info
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Info & cpe.v1.Info.$Shape;
        }

        namespace Info {

            /** Properties of an Info. */
            interface $Properties {

                /** Info version */
                version?: (string|null);

                /** Info home */
                home?: (string|null);

                /** Info busUrl */
                busUrl?: (string|null);

                /** Info credentialsFile */
                credentialsFile?: (string|null);

                /** Info schedulerVersion */
                schedulerVersion?: (string|null);

                /** Info processes */
                processes?: (cpe.v1.ProcessInfo.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Info. */
            type $Shape = cpe.v1.Info.$Properties;
        }

        /**
         * Properties of a GetStatus.
         * @deprecated Use cpe.v1.GetStatus.$Properties instead.
         */
        interface IGetStatus extends cpe.v1.GetStatus.$Properties {
        }

        /** Represents a GetStatus. */
        class GetStatus {

            /**
             * Constructs a new GetStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetStatus deployable. */
            deployable: string;

            /**
             * Encodes the specified GetStatus message. Does not implicitly {@link cpe.v1.GetStatus.verify|verify} messages.
             * @param message GetStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetStatus & cpe.v1.GetStatus.$Shape} GetStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetStatus & cpe.v1.GetStatus.$Shape;
        }

        namespace GetStatus {

            /** Properties of a GetStatus. */
            interface $Properties {

                /** GetStatus deployable */
                deployable?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetStatus. */
            type $Shape = cpe.v1.GetStatus.$Properties;
        }

        /**
         * Properties of a GetCib.
         * @deprecated Use cpe.v1.GetCib.$Properties instead.
         */
        interface IGetCib extends cpe.v1.GetCib.$Properties {
        }

        /** Represents a GetCib. */
        class GetCib {

            /**
             * Constructs a new GetCib.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetCib.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetCib deployable. */
            deployable: string;

            /**
             * Encodes the specified GetCib message. Does not implicitly {@link cpe.v1.GetCib.verify|verify} messages.
             * @param message GetCib message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetCib.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetCib message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetCib & cpe.v1.GetCib.$Shape} GetCib
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetCib & cpe.v1.GetCib.$Shape;
        }

        namespace GetCib {

            /** Properties of a GetCib. */
            interface $Properties {

                /** GetCib deployable */
                deployable?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetCib. */
            type $Shape = cpe.v1.GetCib.$Properties;
        }

        /**
         * Properties of a ListTransitions.
         * @deprecated Use cpe.v1.ListTransitions.$Properties instead.
         */
        interface IListTransitions extends cpe.v1.ListTransitions.$Properties {
        }

        /** Represents a ListTransitions. */
        class ListTransitions {

            /**
             * Constructs a new ListTransitions.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ListTransitions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ListTransitions deployable. */
            deployable: string;

            /** ListTransitions limit. */
            limit: number;

            /**
             * Encodes the specified ListTransitions message. Does not implicitly {@link cpe.v1.ListTransitions.verify|verify} messages.
             * @param message ListTransitions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ListTransitions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListTransitions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ListTransitions & cpe.v1.ListTransitions.$Shape} ListTransitions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ListTransitions & cpe.v1.ListTransitions.$Shape;
        }

        namespace ListTransitions {

            /** Properties of a ListTransitions. */
            interface $Properties {

                /** ListTransitions deployable */
                deployable?: (string|null);

                /** ListTransitions limit */
                limit?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListTransitions. */
            type $Shape = cpe.v1.ListTransitions.$Properties;
        }

        /**
         * Properties of a Poke.
         * @deprecated Use cpe.v1.Poke.$Properties instead.
         */
        interface IPoke extends cpe.v1.Poke.$Properties {
        }

        /** Represents a Poke. */
        class Poke {

            /**
             * Constructs a new Poke.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Poke.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Poke deployable. */
            deployable: string;

            /**
             * Encodes the specified Poke message. Does not implicitly {@link cpe.v1.Poke.verify|verify} messages.
             * @param message Poke message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Poke.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Poke message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Poke & cpe.v1.Poke.$Shape} Poke
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Poke & cpe.v1.Poke.$Shape;
        }

        namespace Poke {

            /** Properties of a Poke. */
            interface $Properties {

                /** Poke deployable */
                deployable?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Poke. */
            type $Shape = cpe.v1.Poke.$Properties;
        }

        /**
         * Properties of a DeployableStatus.
         * @deprecated Use cpe.v1.DeployableStatus.$Properties instead.
         */
        interface IDeployableStatus extends cpe.v1.DeployableStatus.$Properties {
        }

        /** Represents a DeployableStatus. */
        class DeployableStatus {

            /**
             * Constructs a new DeployableStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableStatus name. */
            name: string;

            /** DeployableStatus desired. */
            desired: string;

            /** DeployableStatus condition. */
            condition: string;

            /** DeployableStatus reason. */
            reason: string;

            /** DeployableStatus revision. */
            revision: number;

            /** DeployableStatus epoch. */
            epoch: number;

            /** DeployableStatus assemblies. */
            assemblies: cpe.v1.AssemblyStatus.$Properties[];

            /** DeployableStatus actionsDone. */
            actionsDone: number;

            /** DeployableStatus actionsTotal. */
            actionsTotal: number;

            /** DeployableStatus settled. */
            settled: boolean;

            /** DeployableStatus desiredRevision. */
            desiredRevision: number;

            /** DeployableStatus dpePid. */
            dpePid: number;

            /** DeployableStatus held. */
            held: string;

            /** DeployableStatus maintenance. */
            maintenance: boolean;

            /** DeployableStatus unmanaged. */
            unmanaged: string[];

            /** DeployableStatus locations. */
            locations: cpe.v1.LocationStatus.$Properties[];

            /** DeployableStatus failures. */
            failures: number;

            /** DeployableStatus failureLimit. */
            failureLimit: number;

            /** DeployableStatus failurePeriodMs. */
            failurePeriodMs: number;

            /**
             * Encodes the specified DeployableStatus message. Does not implicitly {@link cpe.v1.DeployableStatus.verify|verify} messages.
             * @param message DeployableStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableStatus & cpe.v1.DeployableStatus.$Shape} DeployableStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableStatus & cpe.v1.DeployableStatus.$Shape;
        }

        namespace DeployableStatus {

            /** Properties of a DeployableStatus. */
            interface $Properties {

                /** DeployableStatus name */
                name?: (string|null);

                /** DeployableStatus desired */
                desired?: (string|null);

                /** DeployableStatus condition */
                condition?: (string|null);

                /** DeployableStatus reason */
                reason?: (string|null);

                /** DeployableStatus revision */
                revision?: (number|null);

                /** DeployableStatus epoch */
                epoch?: (number|null);

                /** DeployableStatus assemblies */
                assemblies?: (cpe.v1.AssemblyStatus.$Properties[]|null);

                /** DeployableStatus actionsDone */
                actionsDone?: (number|null);

                /** DeployableStatus actionsTotal */
                actionsTotal?: (number|null);

                /** DeployableStatus settled */
                settled?: (boolean|null);

                /** DeployableStatus desiredRevision */
                desiredRevision?: (number|null);

                /** DeployableStatus dpePid */
                dpePid?: (number|null);

                /** DeployableStatus held */
                held?: (string|null);

                /** DeployableStatus maintenance */
                maintenance?: (boolean|null);

                /** DeployableStatus unmanaged */
                unmanaged?: (string[]|null);

                /** DeployableStatus locations */
                locations?: (cpe.v1.LocationStatus.$Properties[]|null);

                /** DeployableStatus failures */
                failures?: (number|null);

                /** DeployableStatus failureLimit */
                failureLimit?: (number|null);

                /** DeployableStatus failurePeriodMs */
                failurePeriodMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableStatus. */
            type $Shape = cpe.v1.DeployableStatus.$Properties;
        }

        /**
         * Properties of a LocationStatus.
         * @deprecated Use cpe.v1.LocationStatus.$Properties instead.
         */
        interface ILocationStatus extends cpe.v1.LocationStatus.$Properties {
        }

        /** Represents a LocationStatus. */
        class LocationStatus {

            /**
             * Constructs a new LocationStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.LocationStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LocationStatus resource. */
            resource: string;

            /** LocationStatus node. */
            node: string;

            /** LocationStatus kind. */
            kind: string;

            /** LocationStatus role. */
            role: string;

            /** LocationStatus untilUnixMs. */
            untilUnixMs: number;

            /**
             * Encodes the specified LocationStatus message. Does not implicitly {@link cpe.v1.LocationStatus.verify|verify} messages.
             * @param message LocationStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.LocationStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LocationStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.LocationStatus & cpe.v1.LocationStatus.$Shape} LocationStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.LocationStatus & cpe.v1.LocationStatus.$Shape;
        }

        namespace LocationStatus {

            /** Properties of a LocationStatus. */
            interface $Properties {

                /** LocationStatus resource */
                resource?: (string|null);

                /** LocationStatus node */
                node?: (string|null);

                /** LocationStatus kind */
                kind?: (string|null);

                /** LocationStatus role */
                role?: (string|null);

                /** LocationStatus untilUnixMs */
                untilUnixMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LocationStatus. */
            type $Shape = cpe.v1.LocationStatus.$Properties;
        }

        /**
         * Properties of an AssemblyStatus.
         * @deprecated Use cpe.v1.AssemblyStatus.$Properties instead.
         */
        interface IAssemblyStatus extends cpe.v1.AssemblyStatus.$Properties {
        }

        /** Represents an AssemblyStatus. */
        class AssemblyStatus {

            /**
             * Constructs a new AssemblyStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AssemblyStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssemblyStatus name. */
            name: string;

            /** AssemblyStatus state. */
            state: string;

            /** AssemblyStatus instance. */
            instance: string;

            /** AssemblyStatus launcherHost. */
            launcherHost: string;

            /** AssemblyStatus address. */
            address: string;

            /** AssemblyStatus hostname. */
            hostname: string;

            /** AssemblyStatus reason. */
            reason: string;

            /** AssemblyStatus failures. */
            failures: number;

            /** AssemblyStatus sinceUnixMs. */
            sinceUnixMs: number;

            /** AssemblyStatus resources. */
            resources: cpe.v1.ResourceStatus.$Properties[];

            /** AssemblyStatus failureLimit. */
            failureLimit: number;

            /** AssemblyStatus failurePeriodMs. */
            failurePeriodMs: number;

            /** AssemblyStatus wish. */
            wish: string;

            /** AssemblyStatus unmanaged. */
            unmanaged: boolean;

            /**
             * Encodes the specified AssemblyStatus message. Does not implicitly {@link cpe.v1.AssemblyStatus.verify|verify} messages.
             * @param message AssemblyStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AssemblyStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssemblyStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AssemblyStatus & cpe.v1.AssemblyStatus.$Shape} AssemblyStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AssemblyStatus & cpe.v1.AssemblyStatus.$Shape;
        }

        namespace AssemblyStatus {

            /** Properties of an AssemblyStatus. */
            interface $Properties {

                /** AssemblyStatus name */
                name?: (string|null);

                /** AssemblyStatus state */
                state?: (string|null);

                /** AssemblyStatus instance */
                instance?: (string|null);

                /** AssemblyStatus launcherHost */
                launcherHost?: (string|null);

                /** AssemblyStatus address */
                address?: (string|null);

                /** AssemblyStatus hostname */
                hostname?: (string|null);

                /** AssemblyStatus reason */
                reason?: (string|null);

                /** AssemblyStatus failures */
                failures?: (number|null);

                /** AssemblyStatus sinceUnixMs */
                sinceUnixMs?: (number|null);

                /** AssemblyStatus resources */
                resources?: (cpe.v1.ResourceStatus.$Properties[]|null);

                /** AssemblyStatus failureLimit */
                failureLimit?: (number|null);

                /** AssemblyStatus failurePeriodMs */
                failurePeriodMs?: (number|null);

                /** AssemblyStatus wish */
                wish?: (string|null);

                /** AssemblyStatus unmanaged */
                unmanaged?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssemblyStatus. */
            type $Shape = cpe.v1.AssemblyStatus.$Properties;
        }

        /**
         * Properties of a ResourceStatus.
         * @deprecated Use cpe.v1.ResourceStatus.$Properties instead.
         */
        interface IResourceStatus extends cpe.v1.ResourceStatus.$Properties {
        }

        /** Represents a ResourceStatus. */
        class ResourceStatus {

            /**
             * Constructs a new ResourceStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceStatus name. */
            name: string;

            /** ResourceStatus state. */
            state: string;

            /** ResourceStatus agent. */
            agent: string;

            /** ResourceStatus delegated. */
            delegated: boolean;

            /** ResourceStatus delegatedReason. */
            delegatedReason: string;

            /** ResourceStatus failures. */
            failures: number;

            /** ResourceStatus failureLimit. */
            failureLimit: number;

            /** ResourceStatus reason. */
            reason: string;

            /** ResourceStatus sinceUnixMs. */
            sinceUnixMs: number;

            /** ResourceStatus wish. */
            wish: string;

            /** ResourceStatus unmanaged. */
            unmanaged: boolean;

            /** ResourceStatus role. */
            role: string;

            /** ResourceStatus failurePeriodMs. */
            failurePeriodMs: number;

            /**
             * Encodes the specified ResourceStatus message. Does not implicitly {@link cpe.v1.ResourceStatus.verify|verify} messages.
             * @param message ResourceStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceStatus & cpe.v1.ResourceStatus.$Shape} ResourceStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceStatus & cpe.v1.ResourceStatus.$Shape;
        }

        namespace ResourceStatus {

            /** Properties of a ResourceStatus. */
            interface $Properties {

                /** ResourceStatus name */
                name?: (string|null);

                /** ResourceStatus state */
                state?: (string|null);

                /** ResourceStatus agent */
                agent?: (string|null);

                /** ResourceStatus delegated */
                delegated?: (boolean|null);

                /** ResourceStatus delegatedReason */
                delegatedReason?: (string|null);

                /** ResourceStatus failures */
                failures?: (number|null);

                /** ResourceStatus failureLimit */
                failureLimit?: (number|null);

                /** ResourceStatus reason */
                reason?: (string|null);

                /** ResourceStatus sinceUnixMs */
                sinceUnixMs?: (number|null);

                /** ResourceStatus wish */
                wish?: (string|null);

                /** ResourceStatus unmanaged */
                unmanaged?: (boolean|null);

                /** ResourceStatus role */
                role?: (string|null);

                /** ResourceStatus failurePeriodMs */
                failurePeriodMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceStatus. */
            type $Shape = cpe.v1.ResourceStatus.$Properties;
        }

        /**
         * Properties of a Cib.
         * @deprecated Use cpe.v1.Cib.$Properties instead.
         */
        interface ICib extends cpe.v1.Cib.$Properties {
        }

        /** Represents a Cib. */
        class Cib {

            /**
             * Constructs a new Cib.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Cib.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Cib xml. */
            xml: string;

            /**
             * Encodes the specified Cib message. Does not implicitly {@link cpe.v1.Cib.verify|verify} messages.
             * @param message Cib message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Cib.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Cib message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Cib & cpe.v1.Cib.$Shape} Cib
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Cib & cpe.v1.Cib.$Shape;
        }

        namespace Cib {

            /** Properties of a Cib. */
            interface $Properties {

                /** Cib xml */
                xml?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Cib. */
            type $Shape = cpe.v1.Cib.$Properties;
        }

        /**
         * Properties of a TransitionSummary.
         * @deprecated Use cpe.v1.TransitionSummary.$Properties instead.
         */
        interface ITransitionSummary extends cpe.v1.TransitionSummary.$Properties {
        }

        /** Represents a TransitionSummary. */
        class TransitionSummary {

            /**
             * Constructs a new TransitionSummary.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.TransitionSummary.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TransitionSummary number. */
            number: number;

            /** TransitionSummary timeUnixMs. */
            timeUnixMs: number;

            /** TransitionSummary trigger. */
            trigger: string;

            /** TransitionSummary actions. */
            actions: number;

            /** TransitionSummary executed. */
            executed: number;

            /** TransitionSummary failed. */
            failed: number;

            /** TransitionSummary outcome. */
            outcome: string;

            /** TransitionSummary reason. */
            reason: string;

            /** TransitionSummary decideMs. */
            decideMs: number;

            /** TransitionSummary durationMs. */
            durationMs: number;

            /** TransitionSummary directory. */
            directory: string;

            /**
             * Encodes the specified TransitionSummary message. Does not implicitly {@link cpe.v1.TransitionSummary.verify|verify} messages.
             * @param message TransitionSummary message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.TransitionSummary.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TransitionSummary message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.TransitionSummary & cpe.v1.TransitionSummary.$Shape} TransitionSummary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.TransitionSummary & cpe.v1.TransitionSummary.$Shape;
        }

        namespace TransitionSummary {

            /** Properties of a TransitionSummary. */
            interface $Properties {

                /** TransitionSummary number */
                number?: (number|null);

                /** TransitionSummary timeUnixMs */
                timeUnixMs?: (number|null);

                /** TransitionSummary trigger */
                trigger?: (string|null);

                /** TransitionSummary actions */
                actions?: (number|null);

                /** TransitionSummary executed */
                executed?: (number|null);

                /** TransitionSummary failed */
                failed?: (number|null);

                /** TransitionSummary outcome */
                outcome?: (string|null);

                /** TransitionSummary reason */
                reason?: (string|null);

                /** TransitionSummary decideMs */
                decideMs?: (number|null);

                /** TransitionSummary durationMs */
                durationMs?: (number|null);

                /** TransitionSummary directory */
                directory?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TransitionSummary. */
            type $Shape = cpe.v1.TransitionSummary.$Properties;
        }

        /**
         * Properties of a TransitionList.
         * @deprecated Use cpe.v1.TransitionList.$Properties instead.
         */
        interface ITransitionList extends cpe.v1.TransitionList.$Properties {
        }

        /** Represents a TransitionList. */
        class TransitionList {

            /**
             * Constructs a new TransitionList.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.TransitionList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** TransitionList transitions. */
            transitions: cpe.v1.TransitionSummary.$Properties[];

            /**
             * Encodes the specified TransitionList message. Does not implicitly {@link cpe.v1.TransitionList.verify|verify} messages.
             * @param message TransitionList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.TransitionList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a TransitionList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.TransitionList & cpe.v1.TransitionList.$Shape} TransitionList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.TransitionList & cpe.v1.TransitionList.$Shape;
        }

        namespace TransitionList {

            /** Properties of a TransitionList. */
            interface $Properties {

                /** TransitionList transitions */
                transitions?: (cpe.v1.TransitionSummary.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a TransitionList. */
            type $Shape = cpe.v1.TransitionList.$Properties;
        }

        /**
         * Properties of an EventsCommitted.
         * @deprecated Use cpe.v1.EventsCommitted.$Properties instead.
         */
        interface IEventsCommitted extends cpe.v1.EventsCommitted.$Properties {
        }

        /** Represents an EventsCommitted. */
        class EventsCommitted {

            /**
             * Constructs a new EventsCommitted.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.EventsCommitted.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** EventsCommitted lastSeq. */
            lastSeq: number;

            /** EventsCommitted events. */
            events: cpe.v1.Event.$Properties[];

            /**
             * Encodes the specified EventsCommitted message. Does not implicitly {@link cpe.v1.EventsCommitted.verify|verify} messages.
             * @param message EventsCommitted message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.EventsCommitted.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an EventsCommitted message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.EventsCommitted & cpe.v1.EventsCommitted.$Shape} EventsCommitted
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.EventsCommitted & cpe.v1.EventsCommitted.$Shape;
        }

        namespace EventsCommitted {

            /** Properties of an EventsCommitted. */
            interface $Properties {

                /** EventsCommitted lastSeq */
                lastSeq?: (number|null);

                /** EventsCommitted events */
                events?: (cpe.v1.Event.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an EventsCommitted. */
            type $Shape = cpe.v1.EventsCommitted.$Properties;
        }

        /**
         * Properties of a SilenceCount.
         * @deprecated Use cpe.v1.SilenceCount.$Properties instead.
         */
        interface ISilenceCount extends cpe.v1.SilenceCount.$Properties {
        }

        /** Represents a SilenceCount. */
        class SilenceCount {

            /**
             * Constructs a new SilenceCount.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.SilenceCount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SilenceCount hosts. */
            hosts: cpe.v1.HostSilence.$Properties[];

            /**
             * Encodes the specified SilenceCount message. Does not implicitly {@link cpe.v1.SilenceCount.verify|verify} messages.
             * @param message SilenceCount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.SilenceCount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SilenceCount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.SilenceCount & cpe.v1.SilenceCount.$Shape} SilenceCount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.SilenceCount & cpe.v1.SilenceCount.$Shape;
        }

        namespace SilenceCount {

            /** Properties of a SilenceCount. */
            interface $Properties {

                /** SilenceCount hosts */
                hosts?: (cpe.v1.HostSilence.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SilenceCount. */
            type $Shape = cpe.v1.SilenceCount.$Properties;
        }

        /**
         * Properties of a HostSilence.
         * @deprecated Use cpe.v1.HostSilence.$Properties instead.
         */
        interface IHostSilence extends cpe.v1.HostSilence.$Properties {
        }

        /** Represents a HostSilence. */
        class HostSilence {

            /**
             * Constructs a new HostSilence.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostSilence.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostSilence host. */
            host: string;

            /** HostSilence running. */
            running: number;

            /** HostSilence silent. */
            silent: number;

            /**
             * Encodes the specified HostSilence message. Does not implicitly {@link cpe.v1.HostSilence.verify|verify} messages.
             * @param message HostSilence message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostSilence.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostSilence message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostSilence & cpe.v1.HostSilence.$Shape} HostSilence
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostSilence & cpe.v1.HostSilence.$Shape;
        }

        namespace HostSilence {

            /** Properties of a HostSilence. */
            interface $Properties {

                /** HostSilence host */
                host?: (string|null);

                /** HostSilence running */
                running?: (number|null);

                /** HostSilence silent */
                silent?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostSilence. */
            type $Shape = cpe.v1.HostSilence.$Properties;
        }

        /**
         * Properties of an Error.
         * @deprecated Use cpe.v1.Error.$Properties instead.
         */
        interface IError extends cpe.v1.Error.$Properties {
        }

        /** Represents an Error. */
        class Error {

            /**
             * Constructs a new Error.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Error.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Error code. */
            code: string;

            /** Error message. */
            message: string;

            /** Error details. */
            details: { [k: string]: string };

            /** Error problems. */
            problems: cpe.v1.DocumentProblem.$Properties[];

            /**
             * Encodes the specified Error message. Does not implicitly {@link cpe.v1.Error.verify|verify} messages.
             * @param message Error message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Error.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Error message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Error & cpe.v1.Error.$Shape} Error
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Error & cpe.v1.Error.$Shape;
        }

        namespace Error {

            /** Properties of an Error. */
            interface $Properties {

                /** Error code */
                code?: (string|null);

                /** Error message */
                message?: (string|null);

                /** Error details */
                details?: ({ [k: string]: string }|null);

                /** Error problems */
                problems?: (cpe.v1.DocumentProblem.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Error. */
            type $Shape = cpe.v1.Error.$Properties;
        }

        /**
         * Properties of an Ack.
         * @deprecated Use cpe.v1.Ack.$Properties instead.
         */
        interface IAck extends cpe.v1.Ack.$Properties {
        }

        /** Represents an Ack. */
        class Ack {

            /**
             * Constructs a new Ack.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Ack.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified Ack message. Does not implicitly {@link cpe.v1.Ack.verify|verify} messages.
             * @param message Ack message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Ack.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Ack message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Ack & cpe.v1.Ack.$Shape} Ack
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Ack & cpe.v1.Ack.$Shape;
        }

        namespace Ack {

            /** Properties of an Ack. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Ack. */
            type $Shape = cpe.v1.Ack.$Properties;
        }

        /**
         * Properties of a DocumentProblem.
         * @deprecated Use cpe.v1.DocumentProblem.$Properties instead.
         */
        interface IDocumentProblem extends cpe.v1.DocumentProblem.$Properties {
        }

        /** Represents a DocumentProblem. */
        class DocumentProblem {

            /**
             * Constructs a new DocumentProblem.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DocumentProblem.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DocumentProblem severity. */
            severity: string;

            /** DocumentProblem line. */
            line: number;

            /** DocumentProblem column. */
            column: number;

            /** DocumentProblem path. */
            path: string;

            /** DocumentProblem message. */
            message: string;

            /** DocumentProblem allowed. */
            allowed: string;

            /**
             * Encodes the specified DocumentProblem message. Does not implicitly {@link cpe.v1.DocumentProblem.verify|verify} messages.
             * @param message DocumentProblem message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DocumentProblem.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DocumentProblem message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DocumentProblem & cpe.v1.DocumentProblem.$Shape} DocumentProblem
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DocumentProblem & cpe.v1.DocumentProblem.$Shape;
        }

        namespace DocumentProblem {

            /** Properties of a DocumentProblem. */
            interface $Properties {

                /** DocumentProblem severity */
                severity?: (string|null);

                /** DocumentProblem line */
                line?: (number|null);

                /** DocumentProblem column */
                column?: (number|null);

                /** DocumentProblem path */
                path?: (string|null);

                /** DocumentProblem message */
                message?: (string|null);

                /** DocumentProblem allowed */
                allowed?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DocumentProblem. */
            type $Shape = cpe.v1.DocumentProblem.$Properties;
        }

        /**
         * Properties of an Event.
         * @deprecated Use cpe.v1.Event.$Properties instead.
         */
        interface IEvent extends cpe.v1.Event.$Properties {
        }

        /** Represents an Event. */
        class Event {

            /**
             * Constructs a new Event.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Event.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Event seq. */
            seq: number;

            /** Event timeUnixMs. */
            timeUnixMs: number;

            /** Event deployable. */
            deployable: string;

            /** Event assembly. */
            assembly: string;

            /** Event resource. */
            resource: string;

            /** Event instance. */
            instance: string;

            /** Event kind. */
            kind: string;

            /** Event reason. */
            reason: string;

            /** Event evidenceJson. */
            evidenceJson: string;

            /**
             * Encodes the specified Event message. Does not implicitly {@link cpe.v1.Event.verify|verify} messages.
             * @param message Event message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Event.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Event message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Event & cpe.v1.Event.$Shape} Event
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Event & cpe.v1.Event.$Shape;
        }

        namespace Event {

            /** Properties of an Event. */
            interface $Properties {

                /** Event seq */
                seq?: (number|null);

                /** Event timeUnixMs */
                timeUnixMs?: (number|null);

                /** Event deployable */
                deployable?: (string|null);

                /** Event assembly */
                assembly?: (string|null);

                /** Event resource */
                resource?: (string|null);

                /** Event instance */
                instance?: (string|null);

                /** Event kind */
                kind?: (string|null);

                /** Event reason */
                reason?: (string|null);

                /** Event evidenceJson */
                evidenceJson?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Event. */
            type $Shape = cpe.v1.Event.$Properties;
        }

        /**
         * Properties of an AdoptLauncher.
         * @deprecated Use cpe.v1.AdoptLauncher.$Properties instead.
         */
        interface IAdoptLauncher extends cpe.v1.AdoptLauncher.$Properties {
        }

        /** Represents an AdoptLauncher. */
        class AdoptLauncher {

            /**
             * Constructs a new AdoptLauncher.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AdoptLauncher.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified AdoptLauncher message. Does not implicitly {@link cpe.v1.AdoptLauncher.verify|verify} messages.
             * @param message AdoptLauncher message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AdoptLauncher.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AdoptLauncher message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AdoptLauncher & cpe.v1.AdoptLauncher.$Shape} AdoptLauncher
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AdoptLauncher & cpe.v1.AdoptLauncher.$Shape;
        }

        namespace AdoptLauncher {

            /** Properties of an AdoptLauncher. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AdoptLauncher. */
            type $Shape = cpe.v1.AdoptLauncher.$Properties;
        }

        /**
         * Properties of a LauncherInventory.
         * @deprecated Use cpe.v1.LauncherInventory.$Properties instead.
         */
        interface ILauncherInventory extends cpe.v1.LauncherInventory.$Properties {
        }

        /** Represents a LauncherInventory. */
        class LauncherInventory {

            /**
             * Constructs a new LauncherInventory.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.LauncherInventory.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LauncherInventory launcherHost. */
            launcherHost: string;

            /** LauncherInventory driver. */
            driver: string;

            /** LauncherInventory instances. */
            instances: cpe.v1.InstanceState.$Properties[];

            /** LauncherInventory inFlight. */
            inFlight: cpe.v1.InFlight.$Properties[];

            /**
             * Encodes the specified LauncherInventory message. Does not implicitly {@link cpe.v1.LauncherInventory.verify|verify} messages.
             * @param message LauncherInventory message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.LauncherInventory.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LauncherInventory message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.LauncherInventory & cpe.v1.LauncherInventory.$Shape} LauncherInventory
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.LauncherInventory & cpe.v1.LauncherInventory.$Shape;
        }

        namespace LauncherInventory {

            /** Properties of a LauncherInventory. */
            interface $Properties {

                /** LauncherInventory launcherHost */
                launcherHost?: (string|null);

                /** LauncherInventory driver */
                driver?: (string|null);

                /** LauncherInventory instances */
                instances?: (cpe.v1.InstanceState.$Properties[]|null);

                /** LauncherInventory inFlight */
                inFlight?: (cpe.v1.InFlight.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LauncherInventory. */
            type $Shape = cpe.v1.LauncherInventory.$Properties;
        }

        /**
         * Properties of an InFlight.
         * @deprecated Use cpe.v1.InFlight.$Properties instead.
         */
        interface IInFlight extends cpe.v1.InFlight.$Properties {
        }

        /** Represents an InFlight. */
        class InFlight {

            /**
             * Constructs a new InFlight.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.InFlight.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InFlight operationId. */
            operationId: string;

            /** InFlight what. */
            what: string;

            /** InFlight instance. */
            instance: string;

            /** InFlight startedUnixMs. */
            startedUnixMs: number;

            /**
             * Encodes the specified InFlight message. Does not implicitly {@link cpe.v1.InFlight.verify|verify} messages.
             * @param message InFlight message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.InFlight.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InFlight message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.InFlight & cpe.v1.InFlight.$Shape} InFlight
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.InFlight & cpe.v1.InFlight.$Shape;
        }

        namespace InFlight {

            /** Properties of an InFlight. */
            interface $Properties {

                /** InFlight operationId */
                operationId?: (string|null);

                /** InFlight what */
                what?: (string|null);

                /** InFlight instance */
                instance?: (string|null);

                /** InFlight startedUnixMs */
                startedUnixMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InFlight. */
            type $Shape = cpe.v1.InFlight.$Properties;
        }

        /**
         * Properties of a StartInstance.
         * @deprecated Use cpe.v1.StartInstance.$Properties instead.
         */
        interface IStartInstance extends cpe.v1.StartInstance.$Properties {
        }

        /** Represents a StartInstance. */
        class StartInstance {

            /**
             * Constructs a new StartInstance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.StartInstance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StartInstance instance. */
            instance: string;

            /** StartInstance assembly. */
            assembly: string;

            /** StartInstance image. */
            image: string;

            /** StartInstance cpus. */
            cpus: number;

            /** StartInstance memoryMib. */
            memoryMib: number;

            /** StartInstance bootDeadlineMs. */
            bootDeadlineMs: number;

            /** StartInstance heartbeatIntervalMs. */
            heartbeatIntervalMs: number;

            /**
             * Encodes the specified StartInstance message. Does not implicitly {@link cpe.v1.StartInstance.verify|verify} messages.
             * @param message StartInstance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.StartInstance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StartInstance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.StartInstance & cpe.v1.StartInstance.$Shape} StartInstance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.StartInstance & cpe.v1.StartInstance.$Shape;
        }

        namespace StartInstance {

            /** Properties of a StartInstance. */
            interface $Properties {

                /** StartInstance instance */
                instance?: (string|null);

                /** StartInstance assembly */
                assembly?: (string|null);

                /** StartInstance image */
                image?: (string|null);

                /** StartInstance cpus */
                cpus?: (number|null);

                /** StartInstance memoryMib */
                memoryMib?: (number|null);

                /** StartInstance bootDeadlineMs */
                bootDeadlineMs?: (number|null);

                /** StartInstance heartbeatIntervalMs */
                heartbeatIntervalMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StartInstance. */
            type $Shape = cpe.v1.StartInstance.$Properties;
        }

        /**
         * Properties of a StopInstance.
         * @deprecated Use cpe.v1.StopInstance.$Properties instead.
         */
        interface IStopInstance extends cpe.v1.StopInstance.$Properties {
        }

        /** Represents a StopInstance. */
        class StopInstance {

            /**
             * Constructs a new StopInstance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.StopInstance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** StopInstance instance. */
            instance: string;

            /** StopInstance graceMs. */
            graceMs: number;

            /**
             * Encodes the specified StopInstance message. Does not implicitly {@link cpe.v1.StopInstance.verify|verify} messages.
             * @param message StopInstance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.StopInstance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a StopInstance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.StopInstance & cpe.v1.StopInstance.$Shape} StopInstance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.StopInstance & cpe.v1.StopInstance.$Shape;
        }

        namespace StopInstance {

            /** Properties of a StopInstance. */
            interface $Properties {

                /** StopInstance instance */
                instance?: (string|null);

                /** StopInstance graceMs */
                graceMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a StopInstance. */
            type $Shape = cpe.v1.StopInstance.$Properties;
        }

        /**
         * Properties of a DestroyInstance.
         * @deprecated Use cpe.v1.DestroyInstance.$Properties instead.
         */
        interface IDestroyInstance extends cpe.v1.DestroyInstance.$Properties {
        }

        /** Represents a DestroyInstance. */
        class DestroyInstance {

            /**
             * Constructs a new DestroyInstance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DestroyInstance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DestroyInstance instance. */
            instance: string;

            /**
             * Encodes the specified DestroyInstance message. Does not implicitly {@link cpe.v1.DestroyInstance.verify|verify} messages.
             * @param message DestroyInstance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DestroyInstance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DestroyInstance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DestroyInstance & cpe.v1.DestroyInstance.$Shape} DestroyInstance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DestroyInstance & cpe.v1.DestroyInstance.$Shape;
        }

        namespace DestroyInstance {

            /** Properties of a DestroyInstance. */
            interface $Properties {

                /** DestroyInstance instance */
                instance?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DestroyInstance. */
            type $Shape = cpe.v1.DestroyInstance.$Properties;
        }

        /**
         * Properties of an InspectInstance.
         * @deprecated Use cpe.v1.InspectInstance.$Properties instead.
         */
        interface IInspectInstance extends cpe.v1.InspectInstance.$Properties {
        }

        /** Represents an InspectInstance. */
        class InspectInstance {

            /**
             * Constructs a new InspectInstance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.InspectInstance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InspectInstance instance. */
            instance: string;

            /**
             * Encodes the specified InspectInstance message. Does not implicitly {@link cpe.v1.InspectInstance.verify|verify} messages.
             * @param message InspectInstance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.InspectInstance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InspectInstance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.InspectInstance & cpe.v1.InspectInstance.$Shape} InspectInstance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.InspectInstance & cpe.v1.InspectInstance.$Shape;
        }

        namespace InspectInstance {

            /** Properties of an InspectInstance. */
            interface $Properties {

                /** InspectInstance instance */
                instance?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InspectInstance. */
            type $Shape = cpe.v1.InspectInstance.$Properties;
        }

        /**
         * Properties of a ListInstances.
         * @deprecated Use cpe.v1.ListInstances.$Properties instead.
         */
        interface IListInstances extends cpe.v1.ListInstances.$Properties {
        }

        /** Represents a ListInstances. */
        class ListInstances {

            /**
             * Constructs a new ListInstances.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ListInstances.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified ListInstances message. Does not implicitly {@link cpe.v1.ListInstances.verify|verify} messages.
             * @param message ListInstances message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ListInstances.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ListInstances message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ListInstances & cpe.v1.ListInstances.$Shape} ListInstances
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ListInstances & cpe.v1.ListInstances.$Shape;
        }

        namespace ListInstances {

            /** Properties of a ListInstances. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ListInstances. */
            type $Shape = cpe.v1.ListInstances.$Properties;
        }

        /**
         * Properties of a ForgetInstance.
         * @deprecated Use cpe.v1.ForgetInstance.$Properties instead.
         */
        interface IForgetInstance extends cpe.v1.ForgetInstance.$Properties {
        }

        /** Represents a ForgetInstance. */
        class ForgetInstance {

            /**
             * Constructs a new ForgetInstance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ForgetInstance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ForgetInstance instance. */
            instance: string;

            /**
             * Encodes the specified ForgetInstance message. Does not implicitly {@link cpe.v1.ForgetInstance.verify|verify} messages.
             * @param message ForgetInstance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ForgetInstance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ForgetInstance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ForgetInstance & cpe.v1.ForgetInstance.$Shape} ForgetInstance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ForgetInstance & cpe.v1.ForgetInstance.$Shape;
        }

        namespace ForgetInstance {

            /** Properties of a ForgetInstance. */
            interface $Properties {

                /** ForgetInstance instance */
                instance?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ForgetInstance. */
            type $Shape = cpe.v1.ForgetInstance.$Properties;
        }

        /**
         * Properties of an InstanceState.
         * @deprecated Use cpe.v1.InstanceState.$Properties instead.
         */
        interface IInstanceState extends cpe.v1.InstanceState.$Properties {
        }

        /** Represents an InstanceState. */
        class InstanceState {

            /**
             * Constructs a new InstanceState.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.InstanceState.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InstanceState instance. */
            instance: string;

            /** InstanceState deployable. */
            deployable: string;

            /** InstanceState assembly. */
            assembly: string;

            /** InstanceState launcherHost. */
            launcherHost: string;

            /** InstanceState state. */
            state: string;

            /** InstanceState pid. */
            pid: number;

            /** InstanceState agentPid. */
            agentPid: number;

            /** InstanceState address. */
            address: string;

            /** InstanceState hostname. */
            hostname: string;

            /** InstanceState stateDirectory. */
            stateDirectory: string;

            /** InstanceState startedUnixMs. */
            startedUnixMs: number;

            /** InstanceState evidence. */
            evidence: string;

            /** InstanceState atUnixMs. */
            atUnixMs: number;

            /** InstanceState wasForced. */
            wasForced: boolean;

            /**
             * Encodes the specified InstanceState message. Does not implicitly {@link cpe.v1.InstanceState.verify|verify} messages.
             * @param message InstanceState message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.InstanceState.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InstanceState message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.InstanceState & cpe.v1.InstanceState.$Shape} InstanceState
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.InstanceState & cpe.v1.InstanceState.$Shape;
        }

        namespace InstanceState {

            /** Properties of an InstanceState. */
            interface $Properties {

                /** InstanceState instance */
                instance?: (string|null);

                /** InstanceState deployable */
                deployable?: (string|null);

                /** InstanceState assembly */
                assembly?: (string|null);

                /** InstanceState launcherHost */
                launcherHost?: (string|null);

                /** InstanceState state */
                state?: (string|null);

                /** InstanceState pid */
                pid?: (number|null);

                /** InstanceState agentPid */
                agentPid?: (number|null);

                /** InstanceState address */
                address?: (string|null);

                /** InstanceState hostname */
                hostname?: (string|null);

                /** InstanceState stateDirectory */
                stateDirectory?: (string|null);

                /** InstanceState startedUnixMs */
                startedUnixMs?: (number|null);

                /** InstanceState evidence */
                evidence?: (string|null);

                /** InstanceState atUnixMs */
                atUnixMs?: (number|null);

                /** InstanceState wasForced */
                wasForced?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InstanceState. */
            type $Shape = cpe.v1.InstanceState.$Properties;
        }

        /**
         * Properties of a LauncherBeat.
         * @deprecated Use cpe.v1.LauncherBeat.$Properties instead.
         */
        interface ILauncherBeat extends cpe.v1.LauncherBeat.$Properties {
        }

        /** Represents a LauncherBeat. */
        class LauncherBeat {

            /**
             * Constructs a new LauncherBeat.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.LauncherBeat.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LauncherBeat launcherHost. */
            launcherHost: string;

            /** LauncherBeat driver. */
            driver: string;

            /** LauncherBeat sequence. */
            sequence: number;

            /** LauncherBeat atUnixMs. */
            atUnixMs: number;

            /** LauncherBeat running. */
            running: string[];

            /**
             * Encodes the specified LauncherBeat message. Does not implicitly {@link cpe.v1.LauncherBeat.verify|verify} messages.
             * @param message LauncherBeat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.LauncherBeat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LauncherBeat message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.LauncherBeat & cpe.v1.LauncherBeat.$Shape} LauncherBeat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.LauncherBeat & cpe.v1.LauncherBeat.$Shape;
        }

        namespace LauncherBeat {

            /** Properties of a LauncherBeat. */
            interface $Properties {

                /** LauncherBeat launcherHost */
                launcherHost?: (string|null);

                /** LauncherBeat driver */
                driver?: (string|null);

                /** LauncherBeat sequence */
                sequence?: (number|null);

                /** LauncherBeat atUnixMs */
                atUnixMs?: (number|null);

                /** LauncherBeat running */
                running?: (string[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LauncherBeat. */
            type $Shape = cpe.v1.LauncherBeat.$Properties;
        }

        /**
         * Properties of a LauncherReport.
         * @deprecated Use cpe.v1.LauncherReport.$Properties instead.
         */
        interface ILauncherReport extends cpe.v1.LauncherReport.$Properties {
        }

        /** Represents a LauncherReport. */
        class LauncherReport {

            /**
             * Constructs a new LauncherReport.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.LauncherReport.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LauncherReport sequence. */
            sequence: number;

            /** LauncherReport death. */
            death?: (cpe.v1.InstanceState.$Properties|null);

            /**
             * Encodes the specified LauncherReport message. Does not implicitly {@link cpe.v1.LauncherReport.verify|verify} messages.
             * @param message LauncherReport message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.LauncherReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LauncherReport message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.LauncherReport & cpe.v1.LauncherReport.$Shape} LauncherReport
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.LauncherReport & cpe.v1.LauncherReport.$Shape;
        }

        namespace LauncherReport {

            /** Properties of a LauncherReport. */
            interface $Properties {

                /** LauncherReport sequence */
                sequence?: (number|null);

                /** LauncherReport death */
                death?: (cpe.v1.InstanceState.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LauncherReport. */
            type $Shape = cpe.v1.LauncherReport.$Properties;
        }

        /**
         * Properties of a Register.
         * @deprecated Use cpe.v1.Register.$Properties instead.
         */
        interface IRegister extends cpe.v1.Register.$Properties {
        }

        /** Represents a Register. */
        class Register {

            /**
             * Constructs a new Register.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Register.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Register instance. */
            instance: string;

            /** Register hostname. */
            hostname: string;

            /** Register address. */
            address: string;

            /** Register agentVersion. */
            agentVersion: string;

            /** Register classes. */
            classes: string[];

            /** Register agentTimeUnixMs. */
            agentTimeUnixMs: number;

            /** Register bootTimeMs. */
            bootTimeMs: number;

            /** Register pid. */
            pid: number;

            /** Register oldestUnacknowledged. */
            oldestUnacknowledged: number;

            /**
             * Encodes the specified Register message. Does not implicitly {@link cpe.v1.Register.verify|verify} messages.
             * @param message Register message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Register.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Register message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Register & cpe.v1.Register.$Shape} Register
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Register & cpe.v1.Register.$Shape;
        }

        namespace Register {

            /** Properties of a Register. */
            interface $Properties {

                /** Register instance */
                instance?: (string|null);

                /** Register hostname */
                hostname?: (string|null);

                /** Register address */
                address?: (string|null);

                /** Register agentVersion */
                agentVersion?: (string|null);

                /** Register classes */
                classes?: (string[]|null);

                /** Register agentTimeUnixMs */
                agentTimeUnixMs?: (number|null);

                /** Register bootTimeMs */
                bootTimeMs?: (number|null);

                /** Register pid */
                pid?: (number|null);

                /** Register oldestUnacknowledged */
                oldestUnacknowledged?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Register. */
            type $Shape = cpe.v1.Register.$Properties;
        }

        /**
         * Properties of a Registered.
         * @deprecated Use cpe.v1.Registered.$Properties instead.
         */
        interface IRegistered extends cpe.v1.Registered.$Properties {
        }

        /** Represents a Registered. */
        class Registered {

            /**
             * Constructs a new Registered.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Registered.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Registered heartbeatIntervalMs. */
            heartbeatIntervalMs: number;

            /** Registered epoch. */
            epoch: number;

            /**
             * Encodes the specified Registered message. Does not implicitly {@link cpe.v1.Registered.verify|verify} messages.
             * @param message Registered message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Registered.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Registered message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Registered & cpe.v1.Registered.$Shape} Registered
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Registered & cpe.v1.Registered.$Shape;
        }

        namespace Registered {

            /** Properties of a Registered. */
            interface $Properties {

                /** Registered heartbeatIntervalMs */
                heartbeatIntervalMs?: (number|null);

                /** Registered epoch */
                epoch?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Registered. */
            type $Shape = cpe.v1.Registered.$Properties;
        }

        /**
         * Properties of a Heartbeat.
         * @deprecated Use cpe.v1.Heartbeat.$Properties instead.
         */
        interface IHeartbeat extends cpe.v1.Heartbeat.$Properties {
        }

        /** Represents a Heartbeat. */
        class Heartbeat {

            /**
             * Constructs a new Heartbeat.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Heartbeat.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Heartbeat sequence. */
            sequence: number;

            /** Heartbeat timestampUnixMs. */
            timestampUnixMs: number;

            /** Heartbeat bootTimeMs. */
            bootTimeMs: number;

            /** Heartbeat hostname. */
            hostname: string;

            /** Heartbeat uuid. */
            uuid: string;

            /**
             * Encodes the specified Heartbeat message. Does not implicitly {@link cpe.v1.Heartbeat.verify|verify} messages.
             * @param message Heartbeat message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Heartbeat.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Heartbeat message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Heartbeat & cpe.v1.Heartbeat.$Shape} Heartbeat
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Heartbeat & cpe.v1.Heartbeat.$Shape;
        }

        namespace Heartbeat {

            /** Properties of a Heartbeat. */
            interface $Properties {

                /** Heartbeat sequence */
                sequence?: (number|null);

                /** Heartbeat timestampUnixMs */
                timestampUnixMs?: (number|null);

                /** Heartbeat bootTimeMs */
                bootTimeMs?: (number|null);

                /** Heartbeat hostname */
                hostname?: (string|null);

                /** Heartbeat uuid */
                uuid?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Heartbeat. */
            type $Shape = cpe.v1.Heartbeat.$Properties;
        }

        /**
         * Properties of an AdoptAgent.
         * @deprecated Use cpe.v1.AdoptAgent.$Properties instead.
         */
        interface IAdoptAgent extends cpe.v1.AdoptAgent.$Properties {
        }

        /** Represents an AdoptAgent. */
        class AdoptAgent {

            /**
             * Constructs a new AdoptAgent.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AdoptAgent.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified AdoptAgent message. Does not implicitly {@link cpe.v1.AdoptAgent.verify|verify} messages.
             * @param message AdoptAgent message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AdoptAgent.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AdoptAgent message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AdoptAgent & cpe.v1.AdoptAgent.$Shape} AdoptAgent
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AdoptAgent & cpe.v1.AdoptAgent.$Shape;
        }

        namespace AdoptAgent {

            /** Properties of an AdoptAgent. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AdoptAgent. */
            type $Shape = cpe.v1.AdoptAgent.$Properties;
        }

        /**
         * Properties of an AgentInventory.
         * @deprecated Use cpe.v1.AgentInventory.$Properties instead.
         */
        interface IAgentInventory extends cpe.v1.AgentInventory.$Properties {
        }

        /** Represents an AgentInventory. */
        class AgentInventory {

            /**
             * Constructs a new AgentInventory.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AgentInventory.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AgentInventory instance. */
            instance: string;

            /** AgentInventory agentIncarnation. */
            agentIncarnation: string;

            /** AgentInventory resources. */
            resources: cpe.v1.ResourceRecord.$Properties[];

            /** AgentInventory inFlight. */
            inFlight: cpe.v1.InFlightOperation.$Properties[];

            /** AgentInventory lastReportSequence. */
            lastReportSequence: number;

            /**
             * Encodes the specified AgentInventory message. Does not implicitly {@link cpe.v1.AgentInventory.verify|verify} messages.
             * @param message AgentInventory message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AgentInventory.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AgentInventory message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AgentInventory & cpe.v1.AgentInventory.$Shape} AgentInventory
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AgentInventory & cpe.v1.AgentInventory.$Shape;
        }

        namespace AgentInventory {

            /** Properties of an AgentInventory. */
            interface $Properties {

                /** AgentInventory instance */
                instance?: (string|null);

                /** AgentInventory agentIncarnation */
                agentIncarnation?: (string|null);

                /** AgentInventory resources */
                resources?: (cpe.v1.ResourceRecord.$Properties[]|null);

                /** AgentInventory inFlight */
                inFlight?: (cpe.v1.InFlightOperation.$Properties[]|null);

                /** AgentInventory lastReportSequence */
                lastReportSequence?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AgentInventory. */
            type $Shape = cpe.v1.AgentInventory.$Properties;
        }

        /**
         * Properties of a ResourceRecord.
         * @deprecated Use cpe.v1.ResourceRecord.$Properties instead.
         */
        interface IResourceRecord extends cpe.v1.ResourceRecord.$Properties {
        }

        /** Represents a ResourceRecord. */
        class ResourceRecord {

            /**
             * Constructs a new ResourceRecord.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceRecord.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceRecord resource. */
            resource: string;

            /** ResourceRecord operations. */
            operations: cpe.v1.OperationResult.$Properties[];

            /** ResourceRecord delegated. */
            delegated: boolean;

            /**
             * Encodes the specified ResourceRecord message. Does not implicitly {@link cpe.v1.ResourceRecord.verify|verify} messages.
             * @param message ResourceRecord message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceRecord.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceRecord message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceRecord & cpe.v1.ResourceRecord.$Shape} ResourceRecord
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceRecord & cpe.v1.ResourceRecord.$Shape;
        }

        namespace ResourceRecord {

            /** Properties of a ResourceRecord. */
            interface $Properties {

                /** ResourceRecord resource */
                resource?: (string|null);

                /** ResourceRecord operations */
                operations?: (cpe.v1.OperationResult.$Properties[]|null);

                /** ResourceRecord delegated */
                delegated?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceRecord. */
            type $Shape = cpe.v1.ResourceRecord.$Properties;
        }

        /**
         * Properties of an InFlightOperation.
         * @deprecated Use cpe.v1.InFlightOperation.$Properties instead.
         */
        interface IInFlightOperation extends cpe.v1.InFlightOperation.$Properties {
        }

        /** Represents an InFlightOperation. */
        class InFlightOperation {

            /**
             * Constructs a new InFlightOperation.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.InFlightOperation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** InFlightOperation operationId. */
            operationId: string;

            /** InFlightOperation resource. */
            resource: string;

            /** InFlightOperation operation. */
            operation: string;

            /** InFlightOperation intervalMs. */
            intervalMs: number;

            /** InFlightOperation startedUnixMs. */
            startedUnixMs: number;

            /** InFlightOperation timeoutMs. */
            timeoutMs: number;

            /**
             * Encodes the specified InFlightOperation message. Does not implicitly {@link cpe.v1.InFlightOperation.verify|verify} messages.
             * @param message InFlightOperation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.InFlightOperation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an InFlightOperation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.InFlightOperation & cpe.v1.InFlightOperation.$Shape} InFlightOperation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.InFlightOperation & cpe.v1.InFlightOperation.$Shape;
        }

        namespace InFlightOperation {

            /** Properties of an InFlightOperation. */
            interface $Properties {

                /** InFlightOperation operationId */
                operationId?: (string|null);

                /** InFlightOperation resource */
                resource?: (string|null);

                /** InFlightOperation operation */
                operation?: (string|null);

                /** InFlightOperation intervalMs */
                intervalMs?: (number|null);

                /** InFlightOperation startedUnixMs */
                startedUnixMs?: (number|null);

                /** InFlightOperation timeoutMs */
                timeoutMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an InFlightOperation. */
            type $Shape = cpe.v1.InFlightOperation.$Properties;
        }

        /**
         * Properties of an ExecuteOperation.
         * @deprecated Use cpe.v1.ExecuteOperation.$Properties instead.
         */
        interface IExecuteOperation extends cpe.v1.ExecuteOperation.$Properties {
        }

        /** Represents an ExecuteOperation. */
        class ExecuteOperation {

            /**
             * Constructs a new ExecuteOperation.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ExecuteOperation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ExecuteOperation resource. */
            resource: string;

            /** ExecuteOperation resourceClass. */
            resourceClass: string;

            /** ExecuteOperation provider. */
            provider: string;

            /** ExecuteOperation type. */
            type: string;

            /** ExecuteOperation operation. */
            operation: string;

            /** ExecuteOperation intervalMs. */
            intervalMs: number;

            /** ExecuteOperation timeoutMs. */
            timeoutMs: number;

            /** ExecuteOperation startDelayMs. */
            startDelayMs: number;

            /** ExecuteOperation parameters. */
            parameters: { [k: string]: string };

            /** ExecuteOperation meta. */
            meta: { [k: string]: string };

            /** ExecuteOperation expectedRc. */
            expectedRc: number;

            /** ExecuteOperation userData. */
            userData: string;

            /** ExecuteOperation exec. */
            exec?: (cpe.v1.ExecDefinition.$Properties|null);

            /**
             * Encodes the specified ExecuteOperation message. Does not implicitly {@link cpe.v1.ExecuteOperation.verify|verify} messages.
             * @param message ExecuteOperation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ExecuteOperation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ExecuteOperation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ExecuteOperation & cpe.v1.ExecuteOperation.$Shape} ExecuteOperation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ExecuteOperation & cpe.v1.ExecuteOperation.$Shape;
        }

        namespace ExecuteOperation {

            /** Properties of an ExecuteOperation. */
            interface $Properties {

                /** ExecuteOperation resource */
                resource?: (string|null);

                /** ExecuteOperation resourceClass */
                resourceClass?: (string|null);

                /** ExecuteOperation provider */
                provider?: (string|null);

                /** ExecuteOperation type */
                type?: (string|null);

                /** ExecuteOperation operation */
                operation?: (string|null);

                /** ExecuteOperation intervalMs */
                intervalMs?: (number|null);

                /** ExecuteOperation timeoutMs */
                timeoutMs?: (number|null);

                /** ExecuteOperation startDelayMs */
                startDelayMs?: (number|null);

                /** ExecuteOperation parameters */
                parameters?: ({ [k: string]: string }|null);

                /** ExecuteOperation meta */
                meta?: ({ [k: string]: string }|null);

                /** ExecuteOperation expectedRc */
                expectedRc?: (number|null);

                /** ExecuteOperation userData */
                userData?: (string|null);

                /** ExecuteOperation exec */
                exec?: (cpe.v1.ExecDefinition.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ExecuteOperation. */
            type $Shape = cpe.v1.ExecuteOperation.$Properties;
        }

        /**
         * Properties of an ExecDefinition.
         * @deprecated Use cpe.v1.ExecDefinition.$Properties instead.
         */
        interface IExecDefinition extends cpe.v1.ExecDefinition.$Properties {
        }

        /** Represents an ExecDefinition. */
        class ExecDefinition {

            /**
             * Constructs a new ExecDefinition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ExecDefinition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ExecDefinition command. */
            command: string[];

            /** ExecDefinition environment. */
            environment: { [k: string]: string };

            /** ExecDefinition directory. */
            directory: string;

            /** ExecDefinition user. */
            user: string;

            /** ExecDefinition health. */
            health: cpe.v1.HealthCheck.$Properties[];

            /**
             * Encodes the specified ExecDefinition message. Does not implicitly {@link cpe.v1.ExecDefinition.verify|verify} messages.
             * @param message ExecDefinition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ExecDefinition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ExecDefinition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ExecDefinition & cpe.v1.ExecDefinition.$Shape} ExecDefinition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ExecDefinition & cpe.v1.ExecDefinition.$Shape;
        }

        namespace ExecDefinition {

            /** Properties of an ExecDefinition. */
            interface $Properties {

                /** ExecDefinition command */
                command?: (string[]|null);

                /** ExecDefinition environment */
                environment?: ({ [k: string]: string }|null);

                /** ExecDefinition directory */
                directory?: (string|null);

                /** ExecDefinition user */
                user?: (string|null);

                /** ExecDefinition health */
                health?: (cpe.v1.HealthCheck.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ExecDefinition. */
            type $Shape = cpe.v1.ExecDefinition.$Properties;
        }

        /**
         * Properties of a HealthCheck.
         * @deprecated Use cpe.v1.HealthCheck.$Properties instead.
         */
        interface IHealthCheck extends cpe.v1.HealthCheck.$Properties {
        }

        /** Represents a HealthCheck. */
        class HealthCheck {

            /**
             * Constructs a new HealthCheck.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HealthCheck.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HealthCheck kind. */
            kind: string;

            /** HealthCheck host. */
            host: string;

            /** HealthCheck port. */
            port: number;

            /** HealthCheck url. */
            url: string;

            /** HealthCheck status. */
            status: number[];

            /** HealthCheck command. */
            command: string[];

            /** HealthCheck intervalMs. */
            intervalMs: number;

            /** HealthCheck timeoutMs. */
            timeoutMs: number;

            /** HealthCheck failures. */
            failures: number;

            /** HealthCheck initialDelayMs. */
            initialDelayMs: number;

            /**
             * Encodes the specified HealthCheck message. Does not implicitly {@link cpe.v1.HealthCheck.verify|verify} messages.
             * @param message HealthCheck message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HealthCheck.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HealthCheck message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HealthCheck & cpe.v1.HealthCheck.$Shape} HealthCheck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HealthCheck & cpe.v1.HealthCheck.$Shape;
        }

        namespace HealthCheck {

            /** Properties of a HealthCheck. */
            interface $Properties {

                /** HealthCheck kind */
                kind?: (string|null);

                /** HealthCheck host */
                host?: (string|null);

                /** HealthCheck port */
                port?: (number|null);

                /** HealthCheck url */
                url?: (string|null);

                /** HealthCheck status */
                status?: (number[]|null);

                /** HealthCheck command */
                command?: (string[]|null);

                /** HealthCheck intervalMs */
                intervalMs?: (number|null);

                /** HealthCheck timeoutMs */
                timeoutMs?: (number|null);

                /** HealthCheck failures */
                failures?: (number|null);

                /** HealthCheck initialDelayMs */
                initialDelayMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HealthCheck. */
            type $Shape = cpe.v1.HealthCheck.$Properties;
        }

        /**
         * Properties of a CancelOperation.
         * @deprecated Use cpe.v1.CancelOperation.$Properties instead.
         */
        interface ICancelOperation extends cpe.v1.CancelOperation.$Properties {
        }

        /** Represents a CancelOperation. */
        class CancelOperation {

            /**
             * Constructs a new CancelOperation.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.CancelOperation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CancelOperation resource. */
            resource: string;

            /** CancelOperation operation. */
            operation: string;

            /** CancelOperation intervalMs. */
            intervalMs: number;

            /**
             * Encodes the specified CancelOperation message. Does not implicitly {@link cpe.v1.CancelOperation.verify|verify} messages.
             * @param message CancelOperation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.CancelOperation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CancelOperation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.CancelOperation & cpe.v1.CancelOperation.$Shape} CancelOperation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.CancelOperation & cpe.v1.CancelOperation.$Shape;
        }

        namespace CancelOperation {

            /** Properties of a CancelOperation. */
            interface $Properties {

                /** CancelOperation resource */
                resource?: (string|null);

                /** CancelOperation operation */
                operation?: (string|null);

                /** CancelOperation intervalMs */
                intervalMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CancelOperation. */
            type $Shape = cpe.v1.CancelOperation.$Properties;
        }

        /**
         * Properties of an OperationAccepted.
         * @deprecated Use cpe.v1.OperationAccepted.$Properties instead.
         */
        interface IOperationAccepted extends cpe.v1.OperationAccepted.$Properties {
        }

        /** Represents an OperationAccepted. */
        class OperationAccepted {

            /**
             * Constructs a new OperationAccepted.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.OperationAccepted.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OperationAccepted operationId. */
            operationId: string;

            /** OperationAccepted repeatedOrder. */
            repeatedOrder: boolean;

            /**
             * Encodes the specified OperationAccepted message. Does not implicitly {@link cpe.v1.OperationAccepted.verify|verify} messages.
             * @param message OperationAccepted message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.OperationAccepted.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OperationAccepted message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.OperationAccepted & cpe.v1.OperationAccepted.$Shape} OperationAccepted
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.OperationAccepted & cpe.v1.OperationAccepted.$Shape;
        }

        namespace OperationAccepted {

            /** Properties of an OperationAccepted. */
            interface $Properties {

                /** OperationAccepted operationId */
                operationId?: (string|null);

                /** OperationAccepted repeatedOrder */
                repeatedOrder?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OperationAccepted. */
            type $Shape = cpe.v1.OperationAccepted.$Properties;
        }

        /**
         * Properties of a SetDelegation.
         * @deprecated Use cpe.v1.SetDelegation.$Properties instead.
         */
        interface ISetDelegation extends cpe.v1.SetDelegation.$Properties {
        }

        /** Represents a SetDelegation. */
        class SetDelegation {

            /**
             * Constructs a new SetDelegation.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.SetDelegation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** SetDelegation delegations. */
            delegations: cpe.v1.Delegation.$Properties[];

            /**
             * Encodes the specified SetDelegation message. Does not implicitly {@link cpe.v1.SetDelegation.verify|verify} messages.
             * @param message SetDelegation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.SetDelegation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a SetDelegation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.SetDelegation & cpe.v1.SetDelegation.$Shape} SetDelegation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.SetDelegation & cpe.v1.SetDelegation.$Shape;
        }

        namespace SetDelegation {

            /** Properties of a SetDelegation. */
            interface $Properties {

                /** SetDelegation delegations */
                delegations?: (cpe.v1.Delegation.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a SetDelegation. */
            type $Shape = cpe.v1.SetDelegation.$Properties;
        }

        /**
         * Properties of a Delegation.
         * @deprecated Use cpe.v1.Delegation.$Properties instead.
         */
        interface IDelegation extends cpe.v1.Delegation.$Properties {
        }

        /** Represents a Delegation. */
        class Delegation {

            /**
             * Constructs a new Delegation.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Delegation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Delegation resource. */
            resource: string;

            /** Delegation failures. */
            failures: number;

            /** Delegation periodMs. */
            periodMs: number;

            /** Delegation startTimeoutMs. */
            startTimeoutMs: number;

            /** Delegation stopTimeoutMs. */
            stopTimeoutMs: number;

            /** Delegation monitorTimeoutMs. */
            monitorTimeoutMs: number;

            /** Delegation exclusive. */
            exclusive: boolean;

            /** Delegation windowUnixMs. */
            windowUnixMs: number[];

            /**
             * Encodes the specified Delegation message. Does not implicitly {@link cpe.v1.Delegation.verify|verify} messages.
             * @param message Delegation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Delegation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Delegation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Delegation & cpe.v1.Delegation.$Shape} Delegation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Delegation & cpe.v1.Delegation.$Shape;
        }

        namespace Delegation {

            /** Properties of a Delegation. */
            interface $Properties {

                /** Delegation resource */
                resource?: (string|null);

                /** Delegation failures */
                failures?: (number|null);

                /** Delegation periodMs */
                periodMs?: (number|null);

                /** Delegation startTimeoutMs */
                startTimeoutMs?: (number|null);

                /** Delegation stopTimeoutMs */
                stopTimeoutMs?: (number|null);

                /** Delegation monitorTimeoutMs */
                monitorTimeoutMs?: (number|null);

                /** Delegation exclusive */
                exclusive?: (boolean|null);

                /** Delegation windowUnixMs */
                windowUnixMs?: (number[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Delegation. */
            type $Shape = cpe.v1.Delegation.$Properties;
        }

        /**
         * Properties of an OperationResult.
         * @deprecated Use cpe.v1.OperationResult.$Properties instead.
         */
        interface IOperationResult extends cpe.v1.OperationResult.$Properties {
        }

        /** Represents an OperationResult. */
        class OperationResult {

            /**
             * Constructs a new OperationResult.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.OperationResult.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OperationResult resource. */
            resource: string;

            /** OperationResult operation. */
            operation: string;

            /** OperationResult intervalMs. */
            intervalMs: number;

            /** OperationResult callId. */
            callId: number;

            /** OperationResult rc. */
            rc: number;

            /** OperationResult status. */
            status: string;

            /** OperationResult startedUnixMs. */
            startedUnixMs: number;

            /** OperationResult endedUnixMs. */
            endedUnixMs: number;

            /** OperationResult execMs. */
            execMs: number;

            /** OperationResult queueMs. */
            queueMs: number;

            /** OperationResult exitReason. */
            exitReason: string;

            /** OperationResult output. */
            output: string;

            /** OperationResult userData. */
            userData: string;

            /** OperationResult parameters. */
            parameters: { [k: string]: string };

            /** OperationResult timeoutMs. */
            timeoutMs: number;

            /**
             * Encodes the specified OperationResult message. Does not implicitly {@link cpe.v1.OperationResult.verify|verify} messages.
             * @param message OperationResult message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.OperationResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OperationResult message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.OperationResult & cpe.v1.OperationResult.$Shape} OperationResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.OperationResult & cpe.v1.OperationResult.$Shape;
        }

        namespace OperationResult {

            /** Properties of an OperationResult. */
            interface $Properties {

                /** OperationResult resource */
                resource?: (string|null);

                /** OperationResult operation */
                operation?: (string|null);

                /** OperationResult intervalMs */
                intervalMs?: (number|null);

                /** OperationResult callId */
                callId?: (number|null);

                /** OperationResult rc */
                rc?: (number|null);

                /** OperationResult status */
                status?: (string|null);

                /** OperationResult startedUnixMs */
                startedUnixMs?: (number|null);

                /** OperationResult endedUnixMs */
                endedUnixMs?: (number|null);

                /** OperationResult execMs */
                execMs?: (number|null);

                /** OperationResult queueMs */
                queueMs?: (number|null);

                /** OperationResult exitReason */
                exitReason?: (string|null);

                /** OperationResult output */
                output?: (string|null);

                /** OperationResult userData */
                userData?: (string|null);

                /** OperationResult parameters */
                parameters?: ({ [k: string]: string }|null);

                /** OperationResult timeoutMs */
                timeoutMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OperationResult. */
            type $Shape = cpe.v1.OperationResult.$Properties;
        }

        /**
         * Properties of an AgentReport.
         * @deprecated Use cpe.v1.AgentReport.$Properties instead.
         */
        interface IAgentReport extends cpe.v1.AgentReport.$Properties {
        }

        /** Represents an AgentReport. */
        class AgentReport {

            /**
             * Constructs a new AgentReport.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AgentReport.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AgentReport sequence. */
            sequence: number;

            /** AgentReport orderResult. */
            orderResult?: (cpe.v1.OrderResult.$Properties|null);

            /** AgentReport monitorChanged. */
            monitorChanged?: (cpe.v1.OperationResult.$Properties|null);

            /** AgentReport localRecovery. */
            localRecovery?: (cpe.v1.LocalRecovery.$Properties|null);

            /** AgentReport report. */
            report?: ("orderResult"|"monitorChanged"|"localRecovery");

            /**
             * Encodes the specified AgentReport message. Does not implicitly {@link cpe.v1.AgentReport.verify|verify} messages.
             * @param message AgentReport message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AgentReport.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AgentReport message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AgentReport & cpe.v1.AgentReport.$Shape} AgentReport
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AgentReport & cpe.v1.AgentReport.$Shape;
        }

        namespace AgentReport {

            /** Properties of an AgentReport. */
            interface $Properties {

                /** AgentReport sequence */
                sequence?: (number|null);

                /** AgentReport orderResult */
                orderResult?: (cpe.v1.OrderResult.$Properties|null);

                /** AgentReport monitorChanged */
                monitorChanged?: (cpe.v1.OperationResult.$Properties|null);

                /** AgentReport localRecovery */
                localRecovery?: (cpe.v1.LocalRecovery.$Properties|null);

                /** AgentReport report */
                report?: ("orderResult"|"monitorChanged"|"localRecovery");

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Narrowed shape of an AgentReport. */
            type $Shape = {
              sequence?: number|null;
              orderResult?: cpe.v1.OrderResult.$Shape|null;
              monitorChanged?: cpe.v1.OperationResult.$Shape|null;
              localRecovery?: cpe.v1.LocalRecovery.$Shape|null;
              $unknowns?: Uint8Array[];
            } & (
              ({ report?: undefined; orderResult?: null; monitorChanged?: null; localRecovery?: null }|{ report?: "orderResult"; orderResult: cpe.v1.OrderResult.$Shape; monitorChanged?: null; localRecovery?: null }|{ report?: "monitorChanged"; orderResult?: null; monitorChanged: cpe.v1.OperationResult.$Shape; localRecovery?: null }|{ report?: "localRecovery"; orderResult?: null; monitorChanged?: null; localRecovery: cpe.v1.LocalRecovery.$Shape })
            );
        }

        /**
         * Properties of an OrderResult.
         * @deprecated Use cpe.v1.OrderResult.$Properties instead.
         */
        interface IOrderResult extends cpe.v1.OrderResult.$Properties {
        }

        /** Represents an OrderResult. */
        class OrderResult {

            /**
             * Constructs a new OrderResult.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.OrderResult.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** OrderResult operationId. */
            operationId: string;

            /** OrderResult result. */
            result?: (cpe.v1.OperationResult.$Properties|null);

            /**
             * Encodes the specified OrderResult message. Does not implicitly {@link cpe.v1.OrderResult.verify|verify} messages.
             * @param message OrderResult message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.OrderResult.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an OrderResult message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.OrderResult & cpe.v1.OrderResult.$Shape} OrderResult
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.OrderResult & cpe.v1.OrderResult.$Shape;
        }

        namespace OrderResult {

            /** Properties of an OrderResult. */
            interface $Properties {

                /** OrderResult operationId */
                operationId?: (string|null);

                /** OrderResult result */
                result?: (cpe.v1.OperationResult.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an OrderResult. */
            type $Shape = cpe.v1.OrderResult.$Properties;
        }

        /**
         * Properties of a LocalRecovery.
         * @deprecated Use cpe.v1.LocalRecovery.$Properties instead.
         */
        interface ILocalRecovery extends cpe.v1.LocalRecovery.$Properties {
        }

        /** Represents a LocalRecovery. */
        class LocalRecovery {

            /**
             * Constructs a new LocalRecovery.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.LocalRecovery.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** LocalRecovery resource. */
            resource: string;

            /** LocalRecovery failure. */
            failure?: (cpe.v1.OperationResult.$Properties|null);

            /** LocalRecovery stop. */
            stop?: (cpe.v1.OperationResult.$Properties|null);

            /** LocalRecovery start. */
            start?: (cpe.v1.OperationResult.$Properties|null);

            /** LocalRecovery monitor. */
            monitor?: (cpe.v1.OperationResult.$Properties|null);

            /** LocalRecovery verdict. */
            verdict: string;

            /** LocalRecovery reason. */
            reason: string;

            /** LocalRecovery failuresInWindow. */
            failuresInWindow: number;

            /** LocalRecovery detectedUnixMs. */
            detectedUnixMs: number;

            /** LocalRecovery recoveredUnixMs. */
            recoveredUnixMs: number;

            /**
             * Encodes the specified LocalRecovery message. Does not implicitly {@link cpe.v1.LocalRecovery.verify|verify} messages.
             * @param message LocalRecovery message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.LocalRecovery.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a LocalRecovery message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.LocalRecovery & cpe.v1.LocalRecovery.$Shape} LocalRecovery
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.LocalRecovery & cpe.v1.LocalRecovery.$Shape;
        }

        namespace LocalRecovery {

            /** Properties of a LocalRecovery. */
            interface $Properties {

                /** LocalRecovery resource */
                resource?: (string|null);

                /** LocalRecovery failure */
                failure?: (cpe.v1.OperationResult.$Properties|null);

                /** LocalRecovery stop */
                stop?: (cpe.v1.OperationResult.$Properties|null);

                /** LocalRecovery start */
                start?: (cpe.v1.OperationResult.$Properties|null);

                /** LocalRecovery monitor */
                monitor?: (cpe.v1.OperationResult.$Properties|null);

                /** LocalRecovery verdict */
                verdict?: (string|null);

                /** LocalRecovery reason */
                reason?: (string|null);

                /** LocalRecovery failuresInWindow */
                failuresInWindow?: (number|null);

                /** LocalRecovery detectedUnixMs */
                detectedUnixMs?: (number|null);

                /** LocalRecovery recoveredUnixMs */
                recoveredUnixMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a LocalRecovery. */
            type $Shape = cpe.v1.LocalRecovery.$Properties;
        }

        /**
         * Properties of a ReportAck.
         * @deprecated Use cpe.v1.ReportAck.$Properties instead.
         */
        interface IReportAck extends cpe.v1.ReportAck.$Properties {
        }

        /** Represents a ReportAck. */
        class ReportAck {

            /**
             * Constructs a new ReportAck.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ReportAck.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ReportAck sequence. */
            sequence: number;

            /**
             * Encodes the specified ReportAck message. Does not implicitly {@link cpe.v1.ReportAck.verify|verify} messages.
             * @param message ReportAck message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ReportAck.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReportAck message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ReportAck & cpe.v1.ReportAck.$Shape} ReportAck
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ReportAck & cpe.v1.ReportAck.$Shape;
        }

        namespace ReportAck {

            /** Properties of a ReportAck. */
            interface $Properties {

                /** ReportAck sequence */
                sequence?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ReportAck. */
            type $Shape = cpe.v1.ReportAck.$Properties;
        }

        /**
         * Properties of a RenewLease.
         * @deprecated Use cpe.v1.RenewLease.$Properties instead.
         */
        interface IRenewLease extends cpe.v1.RenewLease.$Properties {
        }

        /** Represents a RenewLease. */
        class RenewLease {

            /**
             * Constructs a new RenewLease.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.RenewLease.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RenewLease leaseMs. */
            leaseMs: number;

            /**
             * Encodes the specified RenewLease message. Does not implicitly {@link cpe.v1.RenewLease.verify|verify} messages.
             * @param message RenewLease message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.RenewLease.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RenewLease message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.RenewLease & cpe.v1.RenewLease.$Shape} RenewLease
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.RenewLease & cpe.v1.RenewLease.$Shape;
        }

        namespace RenewLease {

            /** Properties of a RenewLease. */
            interface $Properties {

                /** RenewLease leaseMs */
                leaseMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RenewLease. */
            type $Shape = cpe.v1.RenewLease.$Properties;
        }

        /**
         * Properties of a ResourceStart.
         * @deprecated Use cpe.v1.ResourceStart.$Properties instead.
         */
        interface IResourceStart extends cpe.v1.ResourceStart.$Properties {
        }

        /** Represents a ResourceStart. */
        class ResourceStart {

            /**
             * Constructs a new ResourceStart.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceStart.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceStart deployable. */
            deployable: string;

            /** ResourceStart resource. */
            resource: string;

            /**
             * Encodes the specified ResourceStart message. Does not implicitly {@link cpe.v1.ResourceStart.verify|verify} messages.
             * @param message ResourceStart message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceStart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceStart message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceStart & cpe.v1.ResourceStart.$Shape} ResourceStart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceStart & cpe.v1.ResourceStart.$Shape;
        }

        namespace ResourceStart {

            /** Properties of a ResourceStart. */
            interface $Properties {

                /** ResourceStart deployable */
                deployable?: (string|null);

                /** ResourceStart resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceStart. */
            type $Shape = cpe.v1.ResourceStart.$Properties;
        }

        /**
         * Properties of a ResourceStop.
         * @deprecated Use cpe.v1.ResourceStop.$Properties instead.
         */
        interface IResourceStop extends cpe.v1.ResourceStop.$Properties {
        }

        /** Represents a ResourceStop. */
        class ResourceStop {

            /**
             * Constructs a new ResourceStop.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceStop.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceStop deployable. */
            deployable: string;

            /** ResourceStop resource. */
            resource: string;

            /**
             * Encodes the specified ResourceStop message. Does not implicitly {@link cpe.v1.ResourceStop.verify|verify} messages.
             * @param message ResourceStop message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceStop.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceStop message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceStop & cpe.v1.ResourceStop.$Shape} ResourceStop
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceStop & cpe.v1.ResourceStop.$Shape;
        }

        namespace ResourceStop {

            /** Properties of a ResourceStop. */
            interface $Properties {

                /** ResourceStop deployable */
                deployable?: (string|null);

                /** ResourceStop resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceStop. */
            type $Shape = cpe.v1.ResourceStop.$Properties;
        }

        /**
         * Properties of a ResourceRestart.
         * @deprecated Use cpe.v1.ResourceRestart.$Properties instead.
         */
        interface IResourceRestart extends cpe.v1.ResourceRestart.$Properties {
        }

        /** Represents a ResourceRestart. */
        class ResourceRestart {

            /**
             * Constructs a new ResourceRestart.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceRestart.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceRestart deployable. */
            deployable: string;

            /** ResourceRestart resource. */
            resource: string;

            /**
             * Encodes the specified ResourceRestart message. Does not implicitly {@link cpe.v1.ResourceRestart.verify|verify} messages.
             * @param message ResourceRestart message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceRestart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceRestart message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceRestart & cpe.v1.ResourceRestart.$Shape} ResourceRestart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceRestart & cpe.v1.ResourceRestart.$Shape;
        }

        namespace ResourceRestart {

            /** Properties of a ResourceRestart. */
            interface $Properties {

                /** ResourceRestart deployable */
                deployable?: (string|null);

                /** ResourceRestart resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceRestart. */
            type $Shape = cpe.v1.ResourceRestart.$Properties;
        }

        /**
         * Properties of a ResourceMove.
         * @deprecated Use cpe.v1.ResourceMove.$Properties instead.
         */
        interface IResourceMove extends cpe.v1.ResourceMove.$Properties {
        }

        /** Represents a ResourceMove. */
        class ResourceMove {

            /**
             * Constructs a new ResourceMove.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceMove.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceMove deployable. */
            deployable: string;

            /** ResourceMove resource. */
            resource: string;

            /** ResourceMove node. */
            node: string;

            /** ResourceMove role. */
            role: string;

            /** ResourceMove lifetimeMs. */
            lifetimeMs: number;

            /**
             * Encodes the specified ResourceMove message. Does not implicitly {@link cpe.v1.ResourceMove.verify|verify} messages.
             * @param message ResourceMove message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceMove.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceMove message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceMove & cpe.v1.ResourceMove.$Shape} ResourceMove
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceMove & cpe.v1.ResourceMove.$Shape;
        }

        namespace ResourceMove {

            /** Properties of a ResourceMove. */
            interface $Properties {

                /** ResourceMove deployable */
                deployable?: (string|null);

                /** ResourceMove resource */
                resource?: (string|null);

                /** ResourceMove node */
                node?: (string|null);

                /** ResourceMove role */
                role?: (string|null);

                /** ResourceMove lifetimeMs */
                lifetimeMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceMove. */
            type $Shape = cpe.v1.ResourceMove.$Properties;
        }

        /**
         * Properties of a ResourceBan.
         * @deprecated Use cpe.v1.ResourceBan.$Properties instead.
         */
        interface IResourceBan extends cpe.v1.ResourceBan.$Properties {
        }

        /** Represents a ResourceBan. */
        class ResourceBan {

            /**
             * Constructs a new ResourceBan.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceBan.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceBan deployable. */
            deployable: string;

            /** ResourceBan resource. */
            resource: string;

            /** ResourceBan node. */
            node: string;

            /** ResourceBan role. */
            role: string;

            /** ResourceBan lifetimeMs. */
            lifetimeMs: number;

            /**
             * Encodes the specified ResourceBan message. Does not implicitly {@link cpe.v1.ResourceBan.verify|verify} messages.
             * @param message ResourceBan message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceBan.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceBan message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceBan & cpe.v1.ResourceBan.$Shape} ResourceBan
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceBan & cpe.v1.ResourceBan.$Shape;
        }

        namespace ResourceBan {

            /** Properties of a ResourceBan. */
            interface $Properties {

                /** ResourceBan deployable */
                deployable?: (string|null);

                /** ResourceBan resource */
                resource?: (string|null);

                /** ResourceBan node */
                node?: (string|null);

                /** ResourceBan role */
                role?: (string|null);

                /** ResourceBan lifetimeMs */
                lifetimeMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceBan. */
            type $Shape = cpe.v1.ResourceBan.$Properties;
        }

        /**
         * Properties of a ResourceClear.
         * @deprecated Use cpe.v1.ResourceClear.$Properties instead.
         */
        interface IResourceClear extends cpe.v1.ResourceClear.$Properties {
        }

        /** Represents a ResourceClear. */
        class ResourceClear {

            /**
             * Constructs a new ResourceClear.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceClear.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceClear deployable. */
            deployable: string;

            /** ResourceClear resource. */
            resource: string;

            /**
             * Encodes the specified ResourceClear message. Does not implicitly {@link cpe.v1.ResourceClear.verify|verify} messages.
             * @param message ResourceClear message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceClear.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceClear message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceClear & cpe.v1.ResourceClear.$Shape} ResourceClear
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceClear & cpe.v1.ResourceClear.$Shape;
        }

        namespace ResourceClear {

            /** Properties of a ResourceClear. */
            interface $Properties {

                /** ResourceClear deployable */
                deployable?: (string|null);

                /** ResourceClear resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceClear. */
            type $Shape = cpe.v1.ResourceClear.$Properties;
        }

        /**
         * Properties of a ResourceCleanup.
         * @deprecated Use cpe.v1.ResourceCleanup.$Properties instead.
         */
        interface IResourceCleanup extends cpe.v1.ResourceCleanup.$Properties {
        }

        /** Represents a ResourceCleanup. */
        class ResourceCleanup {

            /**
             * Constructs a new ResourceCleanup.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceCleanup.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceCleanup deployable. */
            deployable: string;

            /** ResourceCleanup resource. */
            resource: string;

            /**
             * Encodes the specified ResourceCleanup message. Does not implicitly {@link cpe.v1.ResourceCleanup.verify|verify} messages.
             * @param message ResourceCleanup message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceCleanup.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceCleanup message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceCleanup & cpe.v1.ResourceCleanup.$Shape} ResourceCleanup
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceCleanup & cpe.v1.ResourceCleanup.$Shape;
        }

        namespace ResourceCleanup {

            /** Properties of a ResourceCleanup. */
            interface $Properties {

                /** ResourceCleanup deployable */
                deployable?: (string|null);

                /** ResourceCleanup resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceCleanup. */
            type $Shape = cpe.v1.ResourceCleanup.$Properties;
        }

        /**
         * Properties of a ResourceManage.
         * @deprecated Use cpe.v1.ResourceManage.$Properties instead.
         */
        interface IResourceManage extends cpe.v1.ResourceManage.$Properties {
        }

        /** Represents a ResourceManage. */
        class ResourceManage {

            /**
             * Constructs a new ResourceManage.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceManage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceManage deployable. */
            deployable: string;

            /** ResourceManage resource. */
            resource: string;

            /**
             * Encodes the specified ResourceManage message. Does not implicitly {@link cpe.v1.ResourceManage.verify|verify} messages.
             * @param message ResourceManage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceManage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceManage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceManage & cpe.v1.ResourceManage.$Shape} ResourceManage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceManage & cpe.v1.ResourceManage.$Shape;
        }

        namespace ResourceManage {

            /** Properties of a ResourceManage. */
            interface $Properties {

                /** ResourceManage deployable */
                deployable?: (string|null);

                /** ResourceManage resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceManage. */
            type $Shape = cpe.v1.ResourceManage.$Properties;
        }

        /**
         * Properties of a ResourceUnmanage.
         * @deprecated Use cpe.v1.ResourceUnmanage.$Properties instead.
         */
        interface IResourceUnmanage extends cpe.v1.ResourceUnmanage.$Properties {
        }

        /** Represents a ResourceUnmanage. */
        class ResourceUnmanage {

            /**
             * Constructs a new ResourceUnmanage.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceUnmanage.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceUnmanage deployable. */
            deployable: string;

            /** ResourceUnmanage resource. */
            resource: string;

            /**
             * Encodes the specified ResourceUnmanage message. Does not implicitly {@link cpe.v1.ResourceUnmanage.verify|verify} messages.
             * @param message ResourceUnmanage message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceUnmanage.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceUnmanage message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceUnmanage & cpe.v1.ResourceUnmanage.$Shape} ResourceUnmanage
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceUnmanage & cpe.v1.ResourceUnmanage.$Shape;
        }

        namespace ResourceUnmanage {

            /** Properties of a ResourceUnmanage. */
            interface $Properties {

                /** ResourceUnmanage deployable */
                deployable?: (string|null);

                /** ResourceUnmanage resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceUnmanage. */
            type $Shape = cpe.v1.ResourceUnmanage.$Properties;
        }

        /**
         * Properties of a ResourceFail.
         * @deprecated Use cpe.v1.ResourceFail.$Properties instead.
         */
        interface IResourceFail extends cpe.v1.ResourceFail.$Properties {
        }

        /** Represents a ResourceFail. */
        class ResourceFail {

            /**
             * Constructs a new ResourceFail.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceFail.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceFail deployable. */
            deployable: string;

            /** ResourceFail resource. */
            resource: string;

            /**
             * Encodes the specified ResourceFail message. Does not implicitly {@link cpe.v1.ResourceFail.verify|verify} messages.
             * @param message ResourceFail message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceFail.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceFail message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceFail & cpe.v1.ResourceFail.$Shape} ResourceFail
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceFail & cpe.v1.ResourceFail.$Shape;
        }

        namespace ResourceFail {

            /** Properties of a ResourceFail. */
            interface $Properties {

                /** ResourceFail deployable */
                deployable?: (string|null);

                /** ResourceFail resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceFail. */
            type $Shape = cpe.v1.ResourceFail.$Properties;
        }

        /**
         * Properties of a ResourceFailcount.
         * @deprecated Use cpe.v1.ResourceFailcount.$Properties instead.
         */
        interface IResourceFailcount extends cpe.v1.ResourceFailcount.$Properties {
        }

        /** Represents a ResourceFailcount. */
        class ResourceFailcount {

            /**
             * Constructs a new ResourceFailcount.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ResourceFailcount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ResourceFailcount deployable. */
            deployable: string;

            /** ResourceFailcount resource. */
            resource: string;

            /**
             * Encodes the specified ResourceFailcount message. Does not implicitly {@link cpe.v1.ResourceFailcount.verify|verify} messages.
             * @param message ResourceFailcount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ResourceFailcount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ResourceFailcount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ResourceFailcount & cpe.v1.ResourceFailcount.$Shape} ResourceFailcount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ResourceFailcount & cpe.v1.ResourceFailcount.$Shape;
        }

        namespace ResourceFailcount {

            /** Properties of a ResourceFailcount. */
            interface $Properties {

                /** ResourceFailcount deployable */
                deployable?: (string|null);

                /** ResourceFailcount resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ResourceFailcount. */
            type $Shape = cpe.v1.ResourceFailcount.$Properties;
        }

        /**
         * Properties of a FailCount.
         * @deprecated Use cpe.v1.FailCount.$Properties instead.
         */
        interface IFailCount extends cpe.v1.FailCount.$Properties {
        }

        /** Represents a FailCount. */
        class FailCount {

            /**
             * Constructs a new FailCount.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.FailCount.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FailCount resource. */
            resource: string;

            /** FailCount node. */
            node: string;

            /** FailCount failures. */
            failures: number;

            /** FailCount inWindow. */
            inWindow: number;

            /** FailCount limit. */
            limit: number;

            /** FailCount periodMs. */
            periodMs: number;

            /** FailCount lastFailureUnixMs. */
            lastFailureUnixMs: number;

            /**
             * Encodes the specified FailCount message. Does not implicitly {@link cpe.v1.FailCount.verify|verify} messages.
             * @param message FailCount message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.FailCount.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FailCount message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.FailCount & cpe.v1.FailCount.$Shape} FailCount
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.FailCount & cpe.v1.FailCount.$Shape;
        }

        namespace FailCount {

            /** Properties of a FailCount. */
            interface $Properties {

                /** FailCount resource */
                resource?: (string|null);

                /** FailCount node */
                node?: (string|null);

                /** FailCount failures */
                failures?: (number|null);

                /** FailCount inWindow */
                inWindow?: (number|null);

                /** FailCount limit */
                limit?: (number|null);

                /** FailCount periodMs */
                periodMs?: (number|null);

                /** FailCount lastFailureUnixMs */
                lastFailureUnixMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FailCount. */
            type $Shape = cpe.v1.FailCount.$Properties;
        }

        /**
         * Properties of a FailCountList.
         * @deprecated Use cpe.v1.FailCountList.$Properties instead.
         */
        interface IFailCountList extends cpe.v1.FailCountList.$Properties {
        }

        /** Represents a FailCountList. */
        class FailCountList {

            /**
             * Constructs a new FailCountList.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.FailCountList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** FailCountList failCounts. */
            failCounts: cpe.v1.FailCount.$Properties[];

            /**
             * Encodes the specified FailCountList message. Does not implicitly {@link cpe.v1.FailCountList.verify|verify} messages.
             * @param message FailCountList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.FailCountList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a FailCountList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.FailCountList & cpe.v1.FailCountList.$Shape} FailCountList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.FailCountList & cpe.v1.FailCountList.$Shape;
        }

        namespace FailCountList {

            /** Properties of a FailCountList. */
            interface $Properties {

                /** FailCountList failCounts */
                failCounts?: (cpe.v1.FailCount.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a FailCountList. */
            type $Shape = cpe.v1.FailCountList.$Properties;
        }

        /**
         * Properties of an AssemblyStandby.
         * @deprecated Use cpe.v1.AssemblyStandby.$Properties instead.
         */
        interface IAssemblyStandby extends cpe.v1.AssemblyStandby.$Properties {
        }

        /** Represents an AssemblyStandby. */
        class AssemblyStandby {

            /**
             * Constructs a new AssemblyStandby.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AssemblyStandby.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssemblyStandby deployable. */
            deployable: string;

            /** AssemblyStandby assembly. */
            assembly: string;

            /**
             * Encodes the specified AssemblyStandby message. Does not implicitly {@link cpe.v1.AssemblyStandby.verify|verify} messages.
             * @param message AssemblyStandby message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AssemblyStandby.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssemblyStandby message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AssemblyStandby & cpe.v1.AssemblyStandby.$Shape} AssemblyStandby
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AssemblyStandby & cpe.v1.AssemblyStandby.$Shape;
        }

        namespace AssemblyStandby {

            /** Properties of an AssemblyStandby. */
            interface $Properties {

                /** AssemblyStandby deployable */
                deployable?: (string|null);

                /** AssemblyStandby assembly */
                assembly?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssemblyStandby. */
            type $Shape = cpe.v1.AssemblyStandby.$Properties;
        }

        /**
         * Properties of an AssemblyUnstandby.
         * @deprecated Use cpe.v1.AssemblyUnstandby.$Properties instead.
         */
        interface IAssemblyUnstandby extends cpe.v1.AssemblyUnstandby.$Properties {
        }

        /** Represents an AssemblyUnstandby. */
        class AssemblyUnstandby {

            /**
             * Constructs a new AssemblyUnstandby.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AssemblyUnstandby.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssemblyUnstandby deployable. */
            deployable: string;

            /** AssemblyUnstandby assembly. */
            assembly: string;

            /**
             * Encodes the specified AssemblyUnstandby message. Does not implicitly {@link cpe.v1.AssemblyUnstandby.verify|verify} messages.
             * @param message AssemblyUnstandby message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AssemblyUnstandby.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssemblyUnstandby message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AssemblyUnstandby & cpe.v1.AssemblyUnstandby.$Shape} AssemblyUnstandby
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AssemblyUnstandby & cpe.v1.AssemblyUnstandby.$Shape;
        }

        namespace AssemblyUnstandby {

            /** Properties of an AssemblyUnstandby. */
            interface $Properties {

                /** AssemblyUnstandby deployable */
                deployable?: (string|null);

                /** AssemblyUnstandby assembly */
                assembly?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssemblyUnstandby. */
            type $Shape = cpe.v1.AssemblyUnstandby.$Properties;
        }

        /**
         * Properties of an AssemblyRestart.
         * @deprecated Use cpe.v1.AssemblyRestart.$Properties instead.
         */
        interface IAssemblyRestart extends cpe.v1.AssemblyRestart.$Properties {
        }

        /** Represents an AssemblyRestart. */
        class AssemblyRestart {

            /**
             * Constructs a new AssemblyRestart.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AssemblyRestart.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssemblyRestart deployable. */
            deployable: string;

            /** AssemblyRestart assembly. */
            assembly: string;

            /**
             * Encodes the specified AssemblyRestart message. Does not implicitly {@link cpe.v1.AssemblyRestart.verify|verify} messages.
             * @param message AssemblyRestart message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AssemblyRestart.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssemblyRestart message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AssemblyRestart & cpe.v1.AssemblyRestart.$Shape} AssemblyRestart
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AssemblyRestart & cpe.v1.AssemblyRestart.$Shape;
        }

        namespace AssemblyRestart {

            /** Properties of an AssemblyRestart. */
            interface $Properties {

                /** AssemblyRestart deployable */
                deployable?: (string|null);

                /** AssemblyRestart assembly */
                assembly?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssemblyRestart. */
            type $Shape = cpe.v1.AssemblyRestart.$Properties;
        }

        /**
         * Properties of an AssemblyDestroy.
         * @deprecated Use cpe.v1.AssemblyDestroy.$Properties instead.
         */
        interface IAssemblyDestroy extends cpe.v1.AssemblyDestroy.$Properties {
        }

        /** Represents an AssemblyDestroy. */
        class AssemblyDestroy {

            /**
             * Constructs a new AssemblyDestroy.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AssemblyDestroy.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssemblyDestroy deployable. */
            deployable: string;

            /** AssemblyDestroy assembly. */
            assembly: string;

            /**
             * Encodes the specified AssemblyDestroy message. Does not implicitly {@link cpe.v1.AssemblyDestroy.verify|verify} messages.
             * @param message AssemblyDestroy message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AssemblyDestroy.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssemblyDestroy message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AssemblyDestroy & cpe.v1.AssemblyDestroy.$Shape} AssemblyDestroy
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AssemblyDestroy & cpe.v1.AssemblyDestroy.$Shape;
        }

        namespace AssemblyDestroy {

            /** Properties of an AssemblyDestroy. */
            interface $Properties {

                /** AssemblyDestroy deployable */
                deployable?: (string|null);

                /** AssemblyDestroy assembly */
                assembly?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssemblyDestroy. */
            type $Shape = cpe.v1.AssemblyDestroy.$Properties;
        }

        /**
         * Properties of an AssemblyDrain.
         * @deprecated Use cpe.v1.AssemblyDrain.$Properties instead.
         */
        interface IAssemblyDrain extends cpe.v1.AssemblyDrain.$Properties {
        }

        /** Represents an AssemblyDrain. */
        class AssemblyDrain {

            /**
             * Constructs a new AssemblyDrain.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.AssemblyDrain.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** AssemblyDrain deployable. */
            deployable: string;

            /** AssemblyDrain assembly. */
            assembly: string;

            /**
             * Encodes the specified AssemblyDrain message. Does not implicitly {@link cpe.v1.AssemblyDrain.verify|verify} messages.
             * @param message AssemblyDrain message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.AssemblyDrain.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an AssemblyDrain message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.AssemblyDrain & cpe.v1.AssemblyDrain.$Shape} AssemblyDrain
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.AssemblyDrain & cpe.v1.AssemblyDrain.$Shape;
        }

        namespace AssemblyDrain {

            /** Properties of an AssemblyDrain. */
            interface $Properties {

                /** AssemblyDrain deployable */
                deployable?: (string|null);

                /** AssemblyDrain assembly */
                assembly?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an AssemblyDrain. */
            type $Shape = cpe.v1.AssemblyDrain.$Properties;
        }

        /**
         * Properties of a DeployableMaintenance.
         * @deprecated Use cpe.v1.DeployableMaintenance.$Properties instead.
         */
        interface IDeployableMaintenance extends cpe.v1.DeployableMaintenance.$Properties {
        }

        /** Represents a DeployableMaintenance. */
        class DeployableMaintenance {

            /**
             * Constructs a new DeployableMaintenance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableMaintenance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableMaintenance deployable. */
            deployable: string;

            /** DeployableMaintenance on. */
            on: boolean;

            /**
             * Encodes the specified DeployableMaintenance message. Does not implicitly {@link cpe.v1.DeployableMaintenance.verify|verify} messages.
             * @param message DeployableMaintenance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableMaintenance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableMaintenance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableMaintenance & cpe.v1.DeployableMaintenance.$Shape} DeployableMaintenance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableMaintenance & cpe.v1.DeployableMaintenance.$Shape;
        }

        namespace DeployableMaintenance {

            /** Properties of a DeployableMaintenance. */
            interface $Properties {

                /** DeployableMaintenance deployable */
                deployable?: (string|null);

                /** DeployableMaintenance on */
                on?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableMaintenance. */
            type $Shape = cpe.v1.DeployableMaintenance.$Properties;
        }

        /**
         * Properties of a DeployableHold.
         * @deprecated Use cpe.v1.DeployableHold.$Properties instead.
         */
        interface IDeployableHold extends cpe.v1.DeployableHold.$Properties {
        }

        /** Represents a DeployableHold. */
        class DeployableHold {

            /**
             * Constructs a new DeployableHold.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableHold.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableHold deployable. */
            deployable: string;

            /** DeployableHold reason. */
            reason: string;

            /**
             * Encodes the specified DeployableHold message. Does not implicitly {@link cpe.v1.DeployableHold.verify|verify} messages.
             * @param message DeployableHold message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableHold.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableHold message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableHold & cpe.v1.DeployableHold.$Shape} DeployableHold
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableHold & cpe.v1.DeployableHold.$Shape;
        }

        namespace DeployableHold {

            /** Properties of a DeployableHold. */
            interface $Properties {

                /** DeployableHold deployable */
                deployable?: (string|null);

                /** DeployableHold reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableHold. */
            type $Shape = cpe.v1.DeployableHold.$Properties;
        }

        /**
         * Properties of a DeployableResume.
         * @deprecated Use cpe.v1.DeployableResume.$Properties instead.
         */
        interface IDeployableResume extends cpe.v1.DeployableResume.$Properties {
        }

        /** Represents a DeployableResume. */
        class DeployableResume {

            /**
             * Constructs a new DeployableResume.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableResume.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableResume deployable. */
            deployable: string;

            /**
             * Encodes the specified DeployableResume message. Does not implicitly {@link cpe.v1.DeployableResume.verify|verify} messages.
             * @param message DeployableResume message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableResume.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableResume message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableResume & cpe.v1.DeployableResume.$Shape} DeployableResume
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableResume & cpe.v1.DeployableResume.$Shape;
        }

        namespace DeployableResume {

            /** Properties of a DeployableResume. */
            interface $Properties {

                /** DeployableResume deployable */
                deployable?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableResume. */
            type $Shape = cpe.v1.DeployableResume.$Properties;
        }

        /**
         * Properties of a VerbDone.
         * @deprecated Use cpe.v1.VerbDone.$Properties instead.
         */
        interface IVerbDone extends cpe.v1.VerbDone.$Properties {
        }

        /** Represents a VerbDone. */
        class VerbDone {

            /**
             * Constructs a new VerbDone.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.VerbDone.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** VerbDone message. */
            message: string;

            /** VerbDone warnings. */
            warnings: string[];

            /** VerbDone lastSeq. */
            lastSeq: number;

            /** VerbDone changed. */
            changed: boolean;

            /**
             * Encodes the specified VerbDone message. Does not implicitly {@link cpe.v1.VerbDone.verify|verify} messages.
             * @param message VerbDone message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.VerbDone.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a VerbDone message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.VerbDone & cpe.v1.VerbDone.$Shape} VerbDone
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.VerbDone & cpe.v1.VerbDone.$Shape;
        }

        namespace VerbDone {

            /** Properties of a VerbDone. */
            interface $Properties {

                /** VerbDone message */
                message?: (string|null);

                /** VerbDone warnings */
                warnings?: (string[]|null);

                /** VerbDone lastSeq */
                lastSeq?: (number|null);

                /** VerbDone changed */
                changed?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a VerbDone. */
            type $Shape = cpe.v1.VerbDone.$Properties;
        }

        /**
         * Properties of a HostList.
         * @deprecated Use cpe.v1.HostList.$Properties instead.
         */
        interface IHostList extends cpe.v1.HostList.$Properties {
        }

        /** Represents a HostList. */
        class HostList {

            /**
             * Constructs a new HostList.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostList.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /**
             * Encodes the specified HostList message. Does not implicitly {@link cpe.v1.HostList.verify|verify} messages.
             * @param message HostList message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostList.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostList message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostList & cpe.v1.HostList.$Shape} HostList
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostList & cpe.v1.HostList.$Shape;
        }

        namespace HostList {

            /** Properties of a HostList. */
            interface $Properties {

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostList. */
            type $Shape = cpe.v1.HostList.$Properties;
        }

        /**
         * Properties of a HostStatus.
         * @deprecated Use cpe.v1.HostStatus.$Properties instead.
         */
        interface IHostStatus extends cpe.v1.HostStatus.$Properties {
        }

        /** Represents a HostStatus. */
        class HostStatus {

            /**
             * Constructs a new HostStatus.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostStatus.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostStatus host. */
            host: string;

            /**
             * Encodes the specified HostStatus message. Does not implicitly {@link cpe.v1.HostStatus.verify|verify} messages.
             * @param message HostStatus message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostStatus.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostStatus message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostStatus & cpe.v1.HostStatus.$Shape} HostStatus
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostStatus & cpe.v1.HostStatus.$Shape;
        }

        namespace HostStatus {

            /** Properties of a HostStatus. */
            interface $Properties {

                /** HostStatus host */
                host?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostStatus. */
            type $Shape = cpe.v1.HostStatus.$Properties;
        }

        /**
         * Properties of a HostDrain.
         * @deprecated Use cpe.v1.HostDrain.$Properties instead.
         */
        interface IHostDrain extends cpe.v1.HostDrain.$Properties {
        }

        /** Represents a HostDrain. */
        class HostDrain {

            /**
             * Constructs a new HostDrain.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostDrain.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostDrain host. */
            host: string;

            /** HostDrain off. */
            off: boolean;

            /**
             * Encodes the specified HostDrain message. Does not implicitly {@link cpe.v1.HostDrain.verify|verify} messages.
             * @param message HostDrain message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostDrain.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostDrain message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostDrain & cpe.v1.HostDrain.$Shape} HostDrain
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostDrain & cpe.v1.HostDrain.$Shape;
        }

        namespace HostDrain {

            /** Properties of a HostDrain. */
            interface $Properties {

                /** HostDrain host */
                host?: (string|null);

                /** HostDrain off */
                off?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostDrain. */
            type $Shape = cpe.v1.HostDrain.$Properties;
        }

        /**
         * Properties of a HostConfirmDead.
         * @deprecated Use cpe.v1.HostConfirmDead.$Properties instead.
         */
        interface IHostConfirmDead extends cpe.v1.HostConfirmDead.$Properties {
        }

        /** Represents a HostConfirmDead. */
        class HostConfirmDead {

            /**
             * Constructs a new HostConfirmDead.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostConfirmDead.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostConfirmDead host. */
            host: string;

            /** HostConfirmDead evidence. */
            evidence: string;

            /** HostConfirmDead force. */
            force: boolean;

            /**
             * Encodes the specified HostConfirmDead message. Does not implicitly {@link cpe.v1.HostConfirmDead.verify|verify} messages.
             * @param message HostConfirmDead message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostConfirmDead.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostConfirmDead message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostConfirmDead & cpe.v1.HostConfirmDead.$Shape} HostConfirmDead
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostConfirmDead & cpe.v1.HostConfirmDead.$Shape;
        }

        namespace HostConfirmDead {

            /** Properties of a HostConfirmDead. */
            interface $Properties {

                /** HostConfirmDead host */
                host?: (string|null);

                /** HostConfirmDead evidence */
                evidence?: (string|null);

                /** HostConfirmDead force */
                force?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostConfirmDead. */
            type $Shape = cpe.v1.HostConfirmDead.$Properties;
        }

        /**
         * Properties of a HostFencer.
         * @deprecated Use cpe.v1.HostFencer.$Properties instead.
         */
        interface IHostFencer extends cpe.v1.HostFencer.$Properties {
        }

        /** Represents a HostFencer. */
        class HostFencer {

            /**
             * Constructs a new HostFencer.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostFencer.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostFencer host. */
            host: string;

            /** HostFencer command. */
            command: string[];

            /** HostFencer parameters. */
            parameters: { [k: string]: string };

            /** HostFencer timeoutMs. */
            timeoutMs: number;

            /**
             * Encodes the specified HostFencer message. Does not implicitly {@link cpe.v1.HostFencer.verify|verify} messages.
             * @param message HostFencer message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostFencer.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostFencer message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostFencer & cpe.v1.HostFencer.$Shape} HostFencer
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostFencer & cpe.v1.HostFencer.$Shape;
        }

        namespace HostFencer {

            /** Properties of a HostFencer. */
            interface $Properties {

                /** HostFencer host */
                host?: (string|null);

                /** HostFencer command */
                command?: (string[]|null);

                /** HostFencer parameters */
                parameters?: ({ [k: string]: string }|null);

                /** HostFencer timeoutMs */
                timeoutMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostFencer. */
            type $Shape = cpe.v1.HostFencer.$Properties;
        }

        /**
         * Properties of a HostSummary.
         * @deprecated Use cpe.v1.HostSummary.$Properties instead.
         */
        interface IHostSummary extends cpe.v1.HostSummary.$Properties {
        }

        /** Represents a HostSummary. */
        class HostSummary {

            /**
             * Constructs a new HostSummary.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostSummary.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostSummary name. */
            name: string;

            /** HostSummary state. */
            state: string;

            /** HostSummary reason. */
            reason: string;

            /** HostSummary fencer. */
            fencer: boolean;

            /** HostSummary lastBeatUnixMs. */
            lastBeatUnixMs: number;

            /** HostSummary instances. */
            instances: cpe.v1.HostInstance.$Properties[];

            /**
             * Encodes the specified HostSummary message. Does not implicitly {@link cpe.v1.HostSummary.verify|verify} messages.
             * @param message HostSummary message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostSummary.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostSummary message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostSummary & cpe.v1.HostSummary.$Shape} HostSummary
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostSummary & cpe.v1.HostSummary.$Shape;
        }

        namespace HostSummary {

            /** Properties of a HostSummary. */
            interface $Properties {

                /** HostSummary name */
                name?: (string|null);

                /** HostSummary state */
                state?: (string|null);

                /** HostSummary reason */
                reason?: (string|null);

                /** HostSummary fencer */
                fencer?: (boolean|null);

                /** HostSummary lastBeatUnixMs */
                lastBeatUnixMs?: (number|null);

                /** HostSummary instances */
                instances?: (cpe.v1.HostInstance.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostSummary. */
            type $Shape = cpe.v1.HostSummary.$Properties;
        }

        /**
         * Properties of a HostInstance.
         * @deprecated Use cpe.v1.HostInstance.$Properties instead.
         */
        interface IHostInstance extends cpe.v1.HostInstance.$Properties {
        }

        /** Represents a HostInstance. */
        class HostInstance {

            /**
             * Constructs a new HostInstance.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostInstance.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostInstance deployable. */
            deployable: string;

            /** HostInstance assembly. */
            assembly: string;

            /** HostInstance instance. */
            instance: string;

            /** HostInstance state. */
            state: string;

            /**
             * Encodes the specified HostInstance message. Does not implicitly {@link cpe.v1.HostInstance.verify|verify} messages.
             * @param message HostInstance message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostInstance.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostInstance message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostInstance & cpe.v1.HostInstance.$Shape} HostInstance
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostInstance & cpe.v1.HostInstance.$Shape;
        }

        namespace HostInstance {

            /** Properties of a HostInstance. */
            interface $Properties {

                /** HostInstance deployable */
                deployable?: (string|null);

                /** HostInstance assembly */
                assembly?: (string|null);

                /** HostInstance instance */
                instance?: (string|null);

                /** HostInstance state */
                state?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostInstance. */
            type $Shape = cpe.v1.HostInstance.$Properties;
        }

        /**
         * Properties of a HostSummaries.
         * @deprecated Use cpe.v1.HostSummaries.$Properties instead.
         */
        interface IHostSummaries extends cpe.v1.HostSummaries.$Properties {
        }

        /** Represents a HostSummaries. */
        class HostSummaries {

            /**
             * Constructs a new HostSummaries.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.HostSummaries.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** HostSummaries hosts. */
            hosts: cpe.v1.HostSummary.$Properties[];

            /**
             * Encodes the specified HostSummaries message. Does not implicitly {@link cpe.v1.HostSummaries.verify|verify} messages.
             * @param message HostSummaries message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.HostSummaries.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a HostSummaries message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.HostSummaries & cpe.v1.HostSummaries.$Shape} HostSummaries
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.HostSummaries & cpe.v1.HostSummaries.$Shape;
        }

        namespace HostSummaries {

            /** Properties of a HostSummaries. */
            interface $Properties {

                /** HostSummaries hosts */
                hosts?: (cpe.v1.HostSummary.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a HostSummaries. */
            type $Shape = cpe.v1.HostSummaries.$Properties;
        }

        /**
         * Properties of a Simulate.
         * @deprecated Use cpe.v1.Simulate.$Properties instead.
         */
        interface ISimulate extends cpe.v1.Simulate.$Properties {
        }

        /** Represents a Simulate. */
        class Simulate {

            /**
             * Constructs a new Simulate.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Simulate.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Simulate deployable. */
            deployable: string;

            /** Simulate subject. */
            subject: string;

            /** Simulate name. */
            name: string;

            /** Simulate change. */
            change: string;

            /**
             * Encodes the specified Simulate message. Does not implicitly {@link cpe.v1.Simulate.verify|verify} messages.
             * @param message Simulate message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Simulate.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Simulate message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Simulate & cpe.v1.Simulate.$Shape} Simulate
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Simulate & cpe.v1.Simulate.$Shape;
        }

        namespace Simulate {

            /** Properties of a Simulate. */
            interface $Properties {

                /** Simulate deployable */
                deployable?: (string|null);

                /** Simulate subject */
                subject?: (string|null);

                /** Simulate name */
                name?: (string|null);

                /** Simulate change */
                change?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Simulate. */
            type $Shape = cpe.v1.Simulate.$Properties;
        }

        /**
         * Properties of a PlanDeployable.
         * @deprecated Use cpe.v1.PlanDeployable.$Properties instead.
         */
        interface IPlanDeployable extends cpe.v1.PlanDeployable.$Properties {
        }

        /** Represents a PlanDeployable. */
        class PlanDeployable {

            /**
             * Constructs a new PlanDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.PlanDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PlanDeployable name. */
            name: string;

            /** PlanDeployable document. */
            document?: (cpe.v1.Document.$Properties|null);

            /**
             * Encodes the specified PlanDeployable message. Does not implicitly {@link cpe.v1.PlanDeployable.verify|verify} messages.
             * @param message PlanDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.PlanDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PlanDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.PlanDeployable & cpe.v1.PlanDeployable.$Shape} PlanDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.PlanDeployable & cpe.v1.PlanDeployable.$Shape;
        }

        namespace PlanDeployable {

            /** Properties of a PlanDeployable. */
            interface $Properties {

                /** PlanDeployable name */
                name?: (string|null);

                /** PlanDeployable document */
                document?: (cpe.v1.Document.$Properties|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PlanDeployable. */
            type $Shape = cpe.v1.PlanDeployable.$Properties;
        }

        /**
         * Properties of a PlannedTransition.
         * @deprecated Use cpe.v1.PlannedTransition.$Properties instead.
         */
        interface IPlannedTransition extends cpe.v1.PlannedTransition.$Properties {
        }

        /** Represents a PlannedTransition. */
        class PlannedTransition {

            /**
             * Constructs a new PlannedTransition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.PlannedTransition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PlannedTransition number. */
            number: number;

            /** PlannedTransition trigger. */
            trigger: string;

            /** PlannedTransition graphXml. */
            graphXml: string;

            /** PlannedTransition actions. */
            actions: cpe.v1.PlannedAction.$Properties[];

            /**
             * Encodes the specified PlannedTransition message. Does not implicitly {@link cpe.v1.PlannedTransition.verify|verify} messages.
             * @param message PlannedTransition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.PlannedTransition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PlannedTransition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.PlannedTransition & cpe.v1.PlannedTransition.$Shape} PlannedTransition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.PlannedTransition & cpe.v1.PlannedTransition.$Shape;
        }

        namespace PlannedTransition {

            /** Properties of a PlannedTransition. */
            interface $Properties {

                /** PlannedTransition number */
                number?: (number|null);

                /** PlannedTransition trigger */
                trigger?: (string|null);

                /** PlannedTransition graphXml */
                graphXml?: (string|null);

                /** PlannedTransition actions */
                actions?: (cpe.v1.PlannedAction.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PlannedTransition. */
            type $Shape = cpe.v1.PlannedTransition.$Properties;
        }

        /**
         * Properties of a PlannedAction.
         * @deprecated Use cpe.v1.PlannedAction.$Properties instead.
         */
        interface IPlannedAction extends cpe.v1.PlannedAction.$Properties {
        }

        /** Represents a PlannedAction. */
        class PlannedAction {

            /**
             * Constructs a new PlannedAction.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.PlannedAction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PlannedAction id. */
            id: number;

            /** PlannedAction kind. */
            kind: string;

            /** PlannedAction operation. */
            operation: string;

            /** PlannedAction resource. */
            resource: string;

            /** PlannedAction node. */
            node: string;

            /** PlannedAction intervalMs. */
            intervalMs: number;

            /**
             * Encodes the specified PlannedAction message. Does not implicitly {@link cpe.v1.PlannedAction.verify|verify} messages.
             * @param message PlannedAction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.PlannedAction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PlannedAction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.PlannedAction & cpe.v1.PlannedAction.$Shape} PlannedAction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.PlannedAction & cpe.v1.PlannedAction.$Shape;
        }

        namespace PlannedAction {

            /** Properties of a PlannedAction. */
            interface $Properties {

                /** PlannedAction id */
                id?: (number|null);

                /** PlannedAction kind */
                kind?: (string|null);

                /** PlannedAction operation */
                operation?: (string|null);

                /** PlannedAction resource */
                resource?: (string|null);

                /** PlannedAction node */
                node?: (string|null);

                /** PlannedAction intervalMs */
                intervalMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PlannedAction. */
            type $Shape = cpe.v1.PlannedAction.$Properties;
        }

        /**
         * Properties of a PlannedChange.
         * @deprecated Use cpe.v1.PlannedChange.$Properties instead.
         */
        interface IPlannedChange extends cpe.v1.PlannedChange.$Properties {
        }

        /** Represents a PlannedChange. */
        class PlannedChange {

            /**
             * Constructs a new PlannedChange.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.PlannedChange.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** PlannedChange subject. */
            subject: string;

            /** PlannedChange what. */
            what: string;

            /** PlannedChange reason. */
            reason: string;

            /**
             * Encodes the specified PlannedChange message. Does not implicitly {@link cpe.v1.PlannedChange.verify|verify} messages.
             * @param message PlannedChange message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.PlannedChange.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a PlannedChange message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.PlannedChange & cpe.v1.PlannedChange.$Shape} PlannedChange
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.PlannedChange & cpe.v1.PlannedChange.$Shape;
        }

        namespace PlannedChange {

            /** Properties of a PlannedChange. */
            interface $Properties {

                /** PlannedChange subject */
                subject?: (string|null);

                /** PlannedChange what */
                what?: (string|null);

                /** PlannedChange reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a PlannedChange. */
            type $Shape = cpe.v1.PlannedChange.$Properties;
        }

        /**
         * Properties of a Plan.
         * @deprecated Use cpe.v1.Plan.$Properties instead.
         */
        interface IPlan extends cpe.v1.Plan.$Properties {
        }

        /** Represents a Plan. */
        class Plan {

            /**
             * Constructs a new Plan.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Plan.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Plan changes. */
            changes: cpe.v1.PlannedChange.$Properties[];

            /** Plan transitions. */
            transitions: cpe.v1.PlannedTransition.$Properties[];

            /** Plan warnings. */
            warnings: cpe.v1.DocumentProblem.$Properties[];

            /** Plan outcome. */
            outcome: string;

            /** Plan reason. */
            reason: string;

            /**
             * Encodes the specified Plan message. Does not implicitly {@link cpe.v1.Plan.verify|verify} messages.
             * @param message Plan message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Plan.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Plan message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Plan & cpe.v1.Plan.$Shape} Plan
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Plan & cpe.v1.Plan.$Shape;
        }

        namespace Plan {

            /** Properties of a Plan. */
            interface $Properties {

                /** Plan changes */
                changes?: (cpe.v1.PlannedChange.$Properties[]|null);

                /** Plan transitions */
                transitions?: (cpe.v1.PlannedTransition.$Properties[]|null);

                /** Plan warnings */
                warnings?: (cpe.v1.DocumentProblem.$Properties[]|null);

                /** Plan outcome */
                outcome?: (string|null);

                /** Plan reason */
                reason?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Plan. */
            type $Shape = cpe.v1.Plan.$Properties;
        }

        /**
         * Properties of a DeployableHistory.
         * @deprecated Use cpe.v1.DeployableHistory.$Properties instead.
         */
        interface IDeployableHistory extends cpe.v1.DeployableHistory.$Properties {
        }

        /** Represents a DeployableHistory. */
        class DeployableHistory {

            /**
             * Constructs a new DeployableHistory.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableHistory.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableHistory name. */
            name: string;

            /**
             * Encodes the specified DeployableHistory message. Does not implicitly {@link cpe.v1.DeployableHistory.verify|verify} messages.
             * @param message DeployableHistory message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableHistory.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableHistory message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableHistory & cpe.v1.DeployableHistory.$Shape} DeployableHistory
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableHistory & cpe.v1.DeployableHistory.$Shape;
        }

        namespace DeployableHistory {

            /** Properties of a DeployableHistory. */
            interface $Properties {

                /** DeployableHistory name */
                name?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableHistory. */
            type $Shape = cpe.v1.DeployableHistory.$Properties;
        }

        /**
         * Properties of a DeployableVersion.
         * @deprecated Use cpe.v1.DeployableVersion.$Properties instead.
         */
        interface IDeployableVersion extends cpe.v1.DeployableVersion.$Properties {
        }

        /** Represents a DeployableVersion. */
        class DeployableVersion {

            /**
             * Constructs a new DeployableVersion.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableVersion.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableVersion revision. */
            revision: number;

            /** DeployableVersion timeUnixMs. */
            timeUnixMs: number;

            /** DeployableVersion by. */
            by: string;

            /** DeployableVersion comment. */
            comment: string;

            /** DeployableVersion current. */
            current: boolean;

            /**
             * Encodes the specified DeployableVersion message. Does not implicitly {@link cpe.v1.DeployableVersion.verify|verify} messages.
             * @param message DeployableVersion message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableVersion.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableVersion message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableVersion & cpe.v1.DeployableVersion.$Shape} DeployableVersion
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableVersion & cpe.v1.DeployableVersion.$Shape;
        }

        namespace DeployableVersion {

            /** Properties of a DeployableVersion. */
            interface $Properties {

                /** DeployableVersion revision */
                revision?: (number|null);

                /** DeployableVersion timeUnixMs */
                timeUnixMs?: (number|null);

                /** DeployableVersion by */
                by?: (string|null);

                /** DeployableVersion comment */
                comment?: (string|null);

                /** DeployableVersion current */
                current?: (boolean|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableVersion. */
            type $Shape = cpe.v1.DeployableVersion.$Properties;
        }

        /**
         * Properties of a DeployableVersions.
         * @deprecated Use cpe.v1.DeployableVersions.$Properties instead.
         */
        interface IDeployableVersions extends cpe.v1.DeployableVersions.$Properties {
        }

        /** Represents a DeployableVersions. */
        class DeployableVersions {

            /**
             * Constructs a new DeployableVersions.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.DeployableVersions.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** DeployableVersions versions. */
            versions: cpe.v1.DeployableVersion.$Properties[];

            /**
             * Encodes the specified DeployableVersions message. Does not implicitly {@link cpe.v1.DeployableVersions.verify|verify} messages.
             * @param message DeployableVersions message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.DeployableVersions.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a DeployableVersions message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.DeployableVersions & cpe.v1.DeployableVersions.$Shape} DeployableVersions
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.DeployableVersions & cpe.v1.DeployableVersions.$Shape;
        }

        namespace DeployableVersions {

            /** Properties of a DeployableVersions. */
            interface $Properties {

                /** DeployableVersions versions */
                versions?: (cpe.v1.DeployableVersion.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a DeployableVersions. */
            type $Shape = cpe.v1.DeployableVersions.$Properties;
        }

        /**
         * Properties of a RollbackDeployable.
         * @deprecated Use cpe.v1.RollbackDeployable.$Properties instead.
         */
        interface IRollbackDeployable extends cpe.v1.RollbackDeployable.$Properties {
        }

        /** Represents a RollbackDeployable. */
        class RollbackDeployable {

            /**
             * Constructs a new RollbackDeployable.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.RollbackDeployable.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** RollbackDeployable name. */
            name: string;

            /** RollbackDeployable revision. */
            revision: number;

            /** RollbackDeployable comment. */
            comment: string;

            /**
             * Encodes the specified RollbackDeployable message. Does not implicitly {@link cpe.v1.RollbackDeployable.verify|verify} messages.
             * @param message RollbackDeployable message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.RollbackDeployable.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a RollbackDeployable message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.RollbackDeployable & cpe.v1.RollbackDeployable.$Shape} RollbackDeployable
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.RollbackDeployable & cpe.v1.RollbackDeployable.$Shape;
        }

        namespace RollbackDeployable {

            /** Properties of a RollbackDeployable. */
            interface $Properties {

                /** RollbackDeployable name */
                name?: (string|null);

                /** RollbackDeployable revision */
                revision?: (number|null);

                /** RollbackDeployable comment */
                comment?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a RollbackDeployable. */
            type $Shape = cpe.v1.RollbackDeployable.$Properties;
        }

        /**
         * Properties of a GetVersion.
         * @deprecated Use cpe.v1.GetVersion.$Properties instead.
         */
        interface IGetVersion extends cpe.v1.GetVersion.$Properties {
        }

        /** Represents a GetVersion. */
        class GetVersion {

            /**
             * Constructs a new GetVersion.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetVersion.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetVersion name. */
            name: string;

            /** GetVersion revision. */
            revision: number;

            /**
             * Encodes the specified GetVersion message. Does not implicitly {@link cpe.v1.GetVersion.verify|verify} messages.
             * @param message GetVersion message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetVersion.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetVersion message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetVersion & cpe.v1.GetVersion.$Shape} GetVersion
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetVersion & cpe.v1.GetVersion.$Shape;
        }

        namespace GetVersion {

            /** Properties of a GetVersion. */
            interface $Properties {

                /** GetVersion name */
                name?: (string|null);

                /** GetVersion revision */
                revision?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetVersion. */
            type $Shape = cpe.v1.GetVersion.$Properties;
        }

        /**
         * Properties of an Explain.
         * @deprecated Use cpe.v1.Explain.$Properties instead.
         */
        interface IExplain extends cpe.v1.Explain.$Properties {
        }

        /** Represents an Explain. */
        class Explain {

            /**
             * Constructs a new Explain.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Explain.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Explain deployable. */
            deployable: string;

            /** Explain resource. */
            resource: string;

            /**
             * Encodes the specified Explain message. Does not implicitly {@link cpe.v1.Explain.verify|verify} messages.
             * @param message Explain message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Explain.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Explain message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Explain & cpe.v1.Explain.$Shape} Explain
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Explain & cpe.v1.Explain.$Shape;
        }

        namespace Explain {

            /** Properties of an Explain. */
            interface $Properties {

                /** Explain deployable */
                deployable?: (string|null);

                /** Explain resource */
                resource?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Explain. */
            type $Shape = cpe.v1.Explain.$Properties;
        }

        /**
         * Properties of an Explanation.
         * @deprecated Use cpe.v1.Explanation.$Properties instead.
         */
        interface IExplanation extends cpe.v1.Explanation.$Properties {
        }

        /** Represents an Explanation. */
        class Explanation {

            /**
             * Constructs a new Explanation.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Explanation.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Explanation subject. */
            subject: string;

            /** Explanation state. */
            state: string;

            /** Explanation containment. */
            containment: string;

            /** Explanation chains. */
            chains: cpe.v1.CausalChain.$Properties[];

            /**
             * Encodes the specified Explanation message. Does not implicitly {@link cpe.v1.Explanation.verify|verify} messages.
             * @param message Explanation message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Explanation.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an Explanation message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Explanation & cpe.v1.Explanation.$Shape} Explanation
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Explanation & cpe.v1.Explanation.$Shape;
        }

        namespace Explanation {

            /** Properties of an Explanation. */
            interface $Properties {

                /** Explanation subject */
                subject?: (string|null);

                /** Explanation state */
                state?: (string|null);

                /** Explanation containment */
                containment?: (string|null);

                /** Explanation chains */
                chains?: (cpe.v1.CausalChain.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an Explanation. */
            type $Shape = cpe.v1.Explanation.$Properties;
        }

        /**
         * Properties of a CausalChain.
         * @deprecated Use cpe.v1.CausalChain.$Properties instead.
         */
        interface ICausalChain extends cpe.v1.CausalChain.$Properties {
        }

        /** Represents a CausalChain. */
        class CausalChain {

            /**
             * Constructs a new CausalChain.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.CausalChain.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CausalChain links. */
            links: cpe.v1.CausalLink.$Properties[];

            /** CausalChain verdict. */
            verdict: string;

            /** CausalChain fromUnixMs. */
            fromUnixMs: number;

            /** CausalChain untilUnixMs. */
            untilUnixMs: number;

            /** CausalChain phases. */
            phases: cpe.v1.Phase.$Properties[];

            /**
             * Encodes the specified CausalChain message. Does not implicitly {@link cpe.v1.CausalChain.verify|verify} messages.
             * @param message CausalChain message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.CausalChain.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CausalChain message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.CausalChain & cpe.v1.CausalChain.$Shape} CausalChain
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.CausalChain & cpe.v1.CausalChain.$Shape;
        }

        namespace CausalChain {

            /** Properties of a CausalChain. */
            interface $Properties {

                /** CausalChain links */
                links?: (cpe.v1.CausalLink.$Properties[]|null);

                /** CausalChain verdict */
                verdict?: (string|null);

                /** CausalChain fromUnixMs */
                fromUnixMs?: (number|null);

                /** CausalChain untilUnixMs */
                untilUnixMs?: (number|null);

                /** CausalChain phases */
                phases?: (cpe.v1.Phase.$Properties[]|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CausalChain. */
            type $Shape = cpe.v1.CausalChain.$Properties;
        }

        /**
         * Properties of a CausalLink.
         * @deprecated Use cpe.v1.CausalLink.$Properties instead.
         */
        interface ICausalLink extends cpe.v1.CausalLink.$Properties {
        }

        /** Represents a CausalLink. */
        class CausalLink {

            /**
             * Constructs a new CausalLink.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.CausalLink.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** CausalLink timeUnixMs. */
            timeUnixMs: number;

            /** CausalLink what. */
            what: string;

            /** CausalLink text. */
            text: string;

            /** CausalLink seq. */
            seq: number;

            /** CausalLink transition. */
            transition: number;

            /**
             * Encodes the specified CausalLink message. Does not implicitly {@link cpe.v1.CausalLink.verify|verify} messages.
             * @param message CausalLink message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.CausalLink.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a CausalLink message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.CausalLink & cpe.v1.CausalLink.$Shape} CausalLink
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.CausalLink & cpe.v1.CausalLink.$Shape;
        }

        namespace CausalLink {

            /** Properties of a CausalLink. */
            interface $Properties {

                /** CausalLink timeUnixMs */
                timeUnixMs?: (number|null);

                /** CausalLink what */
                what?: (string|null);

                /** CausalLink text */
                text?: (string|null);

                /** CausalLink seq */
                seq?: (number|null);

                /** CausalLink transition */
                transition?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a CausalLink. */
            type $Shape = cpe.v1.CausalLink.$Properties;
        }

        /**
         * Properties of a Phase.
         * @deprecated Use cpe.v1.Phase.$Properties instead.
         */
        interface IPhase extends cpe.v1.Phase.$Properties {
        }

        /** Represents a Phase. */
        class Phase {

            /**
             * Constructs a new Phase.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Phase.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Phase name. */
            name: string;

            /** Phase durationMs. */
            durationMs: number;

            /**
             * Encodes the specified Phase message. Does not implicitly {@link cpe.v1.Phase.verify|verify} messages.
             * @param message Phase message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Phase.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Phase message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Phase & cpe.v1.Phase.$Shape} Phase
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Phase & cpe.v1.Phase.$Shape;
        }

        namespace Phase {

            /** Properties of a Phase. */
            interface $Properties {

                /** Phase name */
                name?: (string|null);

                /** Phase durationMs */
                durationMs?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Phase. */
            type $Shape = cpe.v1.Phase.$Properties;
        }

        /**
         * Properties of a GetTransition.
         * @deprecated Use cpe.v1.GetTransition.$Properties instead.
         */
        interface IGetTransition extends cpe.v1.GetTransition.$Properties {
        }

        /** Represents a GetTransition. */
        class GetTransition {

            /**
             * Constructs a new GetTransition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.GetTransition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** GetTransition deployable. */
            deployable: string;

            /** GetTransition number. */
            number: number;

            /**
             * Encodes the specified GetTransition message. Does not implicitly {@link cpe.v1.GetTransition.verify|verify} messages.
             * @param message GetTransition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.GetTransition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a GetTransition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.GetTransition & cpe.v1.GetTransition.$Shape} GetTransition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.GetTransition & cpe.v1.GetTransition.$Shape;
        }

        namespace GetTransition {

            /** Properties of a GetTransition. */
            interface $Properties {

                /** GetTransition deployable */
                deployable?: (string|null);

                /** GetTransition number */
                number?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a GetTransition. */
            type $Shape = cpe.v1.GetTransition.$Properties;
        }

        /**
         * Properties of a ReplayTransition.
         * @deprecated Use cpe.v1.ReplayTransition.$Properties instead.
         */
        interface IReplayTransition extends cpe.v1.ReplayTransition.$Properties {
        }

        /** Represents a ReplayTransition. */
        class ReplayTransition {

            /**
             * Constructs a new ReplayTransition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ReplayTransition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ReplayTransition deployable. */
            deployable: string;

            /** ReplayTransition number. */
            number: number;

            /**
             * Encodes the specified ReplayTransition message. Does not implicitly {@link cpe.v1.ReplayTransition.verify|verify} messages.
             * @param message ReplayTransition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ReplayTransition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a ReplayTransition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ReplayTransition & cpe.v1.ReplayTransition.$Shape} ReplayTransition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ReplayTransition & cpe.v1.ReplayTransition.$Shape;
        }

        namespace ReplayTransition {

            /** Properties of a ReplayTransition. */
            interface $Properties {

                /** ReplayTransition deployable */
                deployable?: (string|null);

                /** ReplayTransition number */
                number?: (number|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a ReplayTransition. */
            type $Shape = cpe.v1.ReplayTransition.$Properties;
        }

        /**
         * Properties of a Transition.
         * @deprecated Use cpe.v1.Transition.$Properties instead.
         */
        interface ITransition extends cpe.v1.Transition.$Properties {
        }

        /** Represents a Transition. */
        class Transition {

            /**
             * Constructs a new Transition.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Transition.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Transition summary. */
            summary?: (cpe.v1.TransitionSummary.$Properties|null);

            /** Transition graphXml. */
            graphXml: string;

            /** Transition executed. */
            executed: cpe.v1.ExecutedAction.$Properties[];

            /** Transition cibXml. */
            cibXml: string;

            /**
             * Encodes the specified Transition message. Does not implicitly {@link cpe.v1.Transition.verify|verify} messages.
             * @param message Transition message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Transition.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Transition message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Transition & cpe.v1.Transition.$Shape} Transition
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Transition & cpe.v1.Transition.$Shape;
        }

        namespace Transition {

            /** Properties of a Transition. */
            interface $Properties {

                /** Transition summary */
                summary?: (cpe.v1.TransitionSummary.$Properties|null);

                /** Transition graphXml */
                graphXml?: (string|null);

                /** Transition executed */
                executed?: (cpe.v1.ExecutedAction.$Properties[]|null);

                /** Transition cibXml */
                cibXml?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Transition. */
            type $Shape = cpe.v1.Transition.$Properties;
        }

        /**
         * Properties of an ExecutedAction.
         * @deprecated Use cpe.v1.ExecutedAction.$Properties instead.
         */
        interface IExecutedAction extends cpe.v1.ExecutedAction.$Properties {
        }

        /** Represents an ExecutedAction. */
        class ExecutedAction {

            /**
             * Constructs a new ExecutedAction.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.ExecutedAction.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** ExecutedAction id. */
            id: number;

            /** ExecutedAction kind. */
            kind: string;

            /** ExecutedAction operation. */
            operation: string;

            /** ExecutedAction resource. */
            resource: string;

            /** ExecutedAction node. */
            node: string;

            /** ExecutedAction intervalMs. */
            intervalMs: number;

            /** ExecutedAction beganUnixMs. */
            beganUnixMs: number;

            /** ExecutedAction endedUnixMs. */
            endedUnixMs: number;

            /** ExecutedAction outcome. */
            outcome: string;

            /** ExecutedAction reason. */
            reason: string;

            /** ExecutedAction key. */
            key: string;

            /**
             * Encodes the specified ExecutedAction message. Does not implicitly {@link cpe.v1.ExecutedAction.verify|verify} messages.
             * @param message ExecutedAction message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.ExecutedAction.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes an ExecutedAction message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.ExecutedAction & cpe.v1.ExecutedAction.$Shape} ExecutedAction
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.ExecutedAction & cpe.v1.ExecutedAction.$Shape;
        }

        namespace ExecutedAction {

            /** Properties of an ExecutedAction. */
            interface $Properties {

                /** ExecutedAction id */
                id?: (number|null);

                /** ExecutedAction kind */
                kind?: (string|null);

                /** ExecutedAction operation */
                operation?: (string|null);

                /** ExecutedAction resource */
                resource?: (string|null);

                /** ExecutedAction node */
                node?: (string|null);

                /** ExecutedAction intervalMs */
                intervalMs?: (number|null);

                /** ExecutedAction beganUnixMs */
                beganUnixMs?: (number|null);

                /** ExecutedAction endedUnixMs */
                endedUnixMs?: (number|null);

                /** ExecutedAction outcome */
                outcome?: (string|null);

                /** ExecutedAction reason */
                reason?: (string|null);

                /** ExecutedAction key */
                key?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of an ExecutedAction. */
            type $Shape = cpe.v1.ExecutedAction.$Properties;
        }

        /**
         * Properties of a Replay.
         * @deprecated Use cpe.v1.Replay.$Properties instead.
         */
        interface IReplay extends cpe.v1.Replay.$Properties {
        }

        /** Represents a Replay. */
        class Replay {

            /**
             * Constructs a new Replay.
             * @param [properties] Properties to set
             */
            constructor(properties?: cpe.v1.Replay.$Properties);

            /** Unknown fields preserved while decoding when enabled */
            $unknowns?: Uint8Array[];

            /** Replay sameGraph. */
            sameGraph: boolean;

            /** Replay sameOrder. */
            sameOrder: boolean;

            /** Replay differences. */
            differences: string[];

            /** Replay schedulerVersion. */
            schedulerVersion: string;

            /**
             * Encodes the specified Replay message. Does not implicitly {@link cpe.v1.Replay.verify|verify} messages.
             * @param message Replay message or plain object to encode
             * @param [writer] Writer to encode to
             * @returns Writer
             */
            static encode(message: cpe.v1.Replay.$Properties, writer?: $protobuf.Writer): $protobuf.Writer;

            /**
             * Decodes a Replay message from the specified reader or buffer.
             * @param reader Reader or buffer to decode from
             * @param [length] Message length if known beforehand
             * @returns {cpe.v1.Replay & cpe.v1.Replay.$Shape} Replay
             * @throws {Error} If the payload is not a reader or valid buffer
             * @throws {$protobuf.util.ProtocolError} If required fields are missing
             */
            static decode(reader: ($protobuf.Reader|Uint8Array), length?: number): cpe.v1.Replay & cpe.v1.Replay.$Shape;
        }

        namespace Replay {

            /** Properties of a Replay. */
            interface $Properties {

                /** Replay sameGraph */
                sameGraph?: (boolean|null);

                /** Replay sameOrder */
                sameOrder?: (boolean|null);

                /** Replay differences */
                differences?: (string[]|null);

                /** Replay schedulerVersion */
                schedulerVersion?: (string|null);

                /** Unknown fields preserved while decoding when enabled */
                $unknowns?: Uint8Array[];
            }

            /** Shape of a Replay. */
            type $Shape = cpe.v1.Replay.$Properties;
        }
    }
}
