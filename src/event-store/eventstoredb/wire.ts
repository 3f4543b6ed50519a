/**
 * The messages of EventStoreDB's protocol, from the official client's own generated code.
 *
 * That code is CommonJS without named exports for Node to find, hence the default imports and these names for them.
 */
import shared from '@eventstore/db-client/generated/shared_pb.js';
import services from '@eventstore/db-client/generated/streams_grpc_pb.js';
import streams from '@eventstore/db-client/generated/streams_pb.js';

export const { StreamsClient, StreamsService } = services;
export const { BatchAppendReq, ReadReq } = streams;
export const { Empty, StreamIdentifier, UUID, WrongExpectedVersion } = shared;

type StreamsClient = InstanceType<typeof StreamsClient>;
/** An open read or subscription: a stream of `Answer`. */
export type ReadCall = ReturnType<StreamsClient['makeServerStreamRequest']>;
/** An open stream of appends and their answers. */
export type AppendCall = ReturnType<StreamsClient['batchAppend']>;

export type ReadRequest = InstanceType<typeof ReadReq>;
export type AppendRequest = InstanceType<typeof BatchAppendReq>;
export type AppendResponse = InstanceType<typeof streams.BatchAppendResp>;
