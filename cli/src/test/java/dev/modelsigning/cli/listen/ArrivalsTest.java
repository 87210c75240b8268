package dev.modelsigning.cli.listen;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.testing.Watching;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ArrivalsTest {

  private static final int THREADS = 10;
  private static final Duration SLOW = Duration.ofMillis(300);

  private final AtomicBoolean isShort = new AtomicBoolean();
  private final AtomicInteger ended = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final CountDownLatch open = new CountDownLatch(1);
  private final Arrivals arrivals = new Arrivals("tested", THREADS, 1_000, SLOW, isShort::get);

  @AfterEach
  void end() {
    open.countDown();
    arrivals.close();
  }

  private static InetAddress address(int last) throws Exception {
    return InetAddress.getByAddress(new byte[] {10, 0, 0, (byte) last});
  }

  /** A request of which nothing comes. */
  private void stall(InetAddress from) {
    arrivals.execute(() -> {
      try {
        arrivals.from(from);
        open.await();
      } catch (InterruptedException e) {
        ended.incrementAndGet();
      } catch (IllegalStateException e) {
        refused.incrementAndGet();
      }
    });
  }

  /** A request that arrives at once. */
  private CompletableFuture<String> arrive(InetAddress from) {
    CompletableFuture<String> answer = new CompletableFuture<>();
    arrivals.execute(() -> {
      try {
        arrivals.from(from);
        arrivals.arrived();
        answer.complete("arrived");
      } catch (IOException | IllegalStateException e) {
        answer.complete(String.valueOf(e.getMessage()));
      }
    });
    return answer;
  }

  @Test
  void endsWhatIsSlowWhenThreadsAreShort() throws Exception {
    for (int i = 0; i < THREADS; i++) {
      stall(address(1));
    }

    assertThat(arrive(address(2)).join()).isEqualTo("arrived");
    assertThat(ended.get()).isPositive();
  }

  @Test
  void endsNothingWhileThereIsEnough() throws Exception {
    stall(address(1));
    Thread.sleep(3 * SLOW.toMillis());

    assertThat(arrive(address(2)).join()).isEqualTo("arrived");
    assertThat(ended).hasValue(0);

    isShort.set(true);
    Watching.until("it is ended for something else", () -> ended.get() == 1);
  }

  /** Who left many unfinished must not take all threads again and again. */
  @Test
  void remembersWhoLeftManyUnfinished() throws Exception {
    for (int i = 0; i < 20 * THREADS; i++) {
      stall(address(1));
    }
    Watching.until("the first are ended", () -> ended.get() >= THREADS);

    Watching.until("most are refused", () -> refused.get() >= 15 * THREADS);
    assertThat(arrive(address(2)).join()).isEqualTo("arrived");
  }

  /** Behind a load balancer, the API server has the same address. */
  @Test
  void takesWhatArrivesFromAnAddressOfWhichMuchDoesNot() throws Exception {
    for (int i = 0; i < 2 * THREADS; i++) {
      stall(address(1));
    }
    Watching.until("the first are ended", () -> ended.get() >= THREADS);
    Thread.sleep(SLOW.toMillis());

    assertThat(arrive(address(1)).join()).isEqualTo("arrived");
  }

  /** The API server itself may ask a thousand times at once. */
  @Test
  void takesAnyNumberOfWhatArrives() throws Exception {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    for (int i = 0; i < 900; i++) {
      answers.add(arrive(address(1)));
    }

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo("arrived"));
  }

  /** What arrived may wait for as long as it likes. */
  @Test
  void endsNothingThatArrived() throws Exception {
    CountDownLatch busy = new CountDownLatch(THREADS);
    for (int i = 0; i < THREADS; i++) {
      arrivals.execute(() -> {
        try {
          arrivals.arrived();
          busy.countDown();
          open.await();
        } catch (IOException | InterruptedException e) {
          ended.incrementAndGet();
        }
      });
    }
    busy.await();
    CompletableFuture<String> waiting = arrive(address(2));
    Thread.sleep(3 * SLOW.toMillis());

    assertThat(waiting).isNotDone();
    assertThat(ended).hasValue(0);
    open.countDown();
    assertThat(waiting.join()).isEqualTo("arrived");
  }

  @Test
  void refusesWhatArrivedTooLate() throws Exception {
    CompletableFuture<String> late = new CompletableFuture<>();
    isShort.set(true);
    arrivals.execute(() -> {
      try {
        while (!Thread.currentThread().isInterrupted()) {
          Thread.onSpinWait();
        }
        arrivals.arrived();
        late.complete("arrived");
      } catch (IOException e) {
        late.complete(String.valueOf(e.getMessage()));
      }
    });

    assertThat(late.join()).isEqualTo("the request took too long to arrive");
  }
}
