package dev.modelsigning.s3;

import dev.modelsigning.internal.http.Answer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/**
 * A part of an object, read while it arrives, and what the store says of it.
 *
 * @param body the bytes; it must be closed
 * @param etag the entity tag
 * @param version the id of the version
 * @param range which bytes of how many, as in the header {@code Content-Range}
 * @param length the number of bytes
 */
record S3Content(
    ReadableByteChannel body,
    @Nullable String etag,
    @Nullable String version,
    @Nullable String range,
    @Nullable Long length) {

  /** The content that the SDK has asked for. */
  static S3Content of(ResponseInputStream<GetObjectResponse> stream) {
    GetObjectResponse answer = stream.response();
    return new S3Content(
        new Streamed(stream),
        answer.eTag(),
        answer.versionId(),
        answer.contentRange(),
        answer.contentLength());
  }

  /** The content of a response that is a success. */
  static S3Content of(Answer answer) {
    String length = answer.header("Content-Length").orElse("");
    return new S3Content(
        answer.body().orElseThrow(),
        answer.header("ETag").orElse(null),
        answer.header("x-amz-version-id").orElse(null),
        answer.header("Content-Range").orElse(null),
        length.matches("[0-9]{1,18}") ? Long.valueOf(length) : null);
  }

  /** A stream of the SDK, which is left without reading the rest of it. */
  private static final class Streamed implements ReadableByteChannel {

    private final ResponseInputStream<GetObjectResponse> stream;
    private byte[] block = new byte[0];
    private boolean closed;

    Streamed(ResponseInputStream<GetObjectResponse> stream) {
      this.stream = stream;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int length = target.remaining();
      block = block.length < length ? new byte[length] : block;
      int read = stream.read(block, 0, length);
      target.put(block, 0, Math.max(0, read));
      return read;
    }

    @Override
    public boolean isOpen() {
      return !closed;
    }

    @Override
    public void close() {
      closed = true;
      stream.abort();
    }
  }
}
