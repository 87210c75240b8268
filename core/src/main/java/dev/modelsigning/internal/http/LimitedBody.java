package dev.modelsigning.internal.http;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * Receives the body of a response up to a maximum length, and reads no more than that from the
 * network.
 */
final class LimitedBody implements BodySubscriber<byte[]> {

  private final CompletableFuture<byte[]> result = new CompletableFuture<>();
  private final List<byte[]> parts = new ArrayList<>();
  private final int maxLength;
  private final boolean cut;
  private int length;
  private Flow.@Nullable Subscription subscription;

  /**
   * Creates a subscriber with a maximum length.
   *
   * @param cut whether a longer body is truncated; otherwise it is a failure
   */
  LimitedBody(int maxLength, boolean cut) {
    this.maxLength = maxLength;
    this.cut = cut;
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return result;
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription = given;
    given.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (result.isDone()) {
        return;
      }
      byte[] part = new byte[Math.min(buffer.remaining(), maxLength - length)];
      buffer.get(part);
      parts.add(part);
      length += part.length;
      if (buffer.hasRemaining()) {
        Objects.requireNonNull(subscription).cancel();
        if (cut) {
          onComplete();
        } else {
          result.completeExceptionally(new TooLongException(maxLength));
        }
      }
    }
  }

  @Override
  public void onError(Throwable problem) {
    result.completeExceptionally(problem);
  }

  @Override
  public void onComplete() {
    ByteBuffer all = ByteBuffer.allocate(length);
    parts.forEach(all::put);
    result.complete(all.array());
  }

  /** A response is longer than allowed; retrying would not help. */
  static final class TooLongException extends IOException {
    private static final long serialVersionUID = 1L;

    TooLongException(int maxLength) {
      super("the answer is longer than " + maxLength + " bytes");
    }
  }
}
