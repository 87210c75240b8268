package dev.modelsigning.cli.admission;

import static dev.modelsigning.cli.admission.Reviews.DIGEST;
import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.admission.Judgement.Kind;
import dev.modelsigning.oci.reference.OciReference;
import dev.modelsigning.testing.Watching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class VerdictsTest {

  private static final Duration LONG = Duration.ofSeconds(40);
  private static final Duration SHORT = Duration.ofMillis(50);
  private static final int THREADS = 2;
  private static final int QUEUE = 3;
  private static final OciReference MODEL = model("r.example", 1);

  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicReference<Duration> given = new AtomicReference<>();
  private final AtomicLong nanos = new AtomicLong();
  private final List<Throwable> failures = new CopyOnWriteArrayList<>();
  private final AtomicBoolean interrupted = new AtomicBoolean();
  private final CountDownLatch open = new CountDownLatch(1);
  private volatile Judgement next = Judgement.of(Kind.VERIFIED, "");
  private volatile String version = "1";
  private volatile boolean waits;

  private final Verdicts verdicts =
      new Verdicts(
          new Judge() {
            @Override
            public String version() {
              return version;
            }

            @Override
            public Judgement judge(OciReference model, Duration limit) {
              calls.incrementAndGet();
              given.set(limit);
              if (waits) {
                try {
                  open.await();
                } catch (InterruptedException e) {
                  interrupted.set(true);
                }
              }
              return next;
            }
          },
          new Verdicts.Limits(
              3, Duration.ofSeconds(60), Duration.ofSeconds(10), LONG, THREADS, QUEUE),
          failures::add,
          nanos::get);

  @AfterEach
  void end() {
    open.countDown();
    verdicts.close();
    assertThat(failures).isEmpty();
  }

  private static OciReference model(String registry, int number) {
    return OciReference.parse("oci://" + registry + "/m" + number + "@" + DIGEST);
  }

  private Kind ask(OciReference model) {
    return verdicts.ask(model, LONG).join().kind();
  }

  private void after(int seconds) {
    nanos.addAndGet(Duration.ofSeconds(seconds).toNanos());
  }

  @Test
  void keepsWhatWasAcceptedForAWhile() {
    ask(MODEL);
    after(59);
    assertThat(ask(MODEL)).isEqualTo(Kind.VERIFIED);
    assertThat(calls).hasValue(1);
    assertThat(verdicts.hits()).isEqualTo(1);

    after(1);
    next = Judgement.of(Kind.REFUSED, "");
    assertThat(ask(MODEL)).isEqualTo(Kind.REFUSED);
  }

  @ParameterizedTest
  @EnumSource(names = {"REFUSED", "UNKNOWN"})
  void keepsWhatWasNotAcceptedForAShorterTime(Kind kind) {
    next = Judgement.of(kind, "");
    ask(MODEL);
    after(9);
    ask(MODEL);
    assertThat(calls).hasValue(1);

    after(1);
    next = Judgement.of(Kind.VERIFIED, "");
    assertThat(ask(MODEL)).isEqualTo(Kind.VERIFIED);
  }

  @Test
  void keepsNothingLongerThanItIsValid() {
    next = new Judgement(Kind.VERIFIED, "", Duration.ofSeconds(5));
    ask(MODEL);
    after(4);
    ask(MODEL);
    assertThat(calls).hasValue(1);
    after(1);
    ask(MODEL);
    assertThat(calls).hasValue(2);

    next = Judgement.once(Kind.VERIFIED, "");
    after(5);
    ask(MODEL);
    ask(MODEL);
    assertThat(calls).hasValue(4);
  }

  @Test
  void forgetsWhatAnotherPolicyDecided() {
    ask(MODEL);
    version = "2";
    next = Judgement.of(Kind.REFUSED, "");

    assertThat(ask(MODEL)).isEqualTo(Kind.REFUSED);
  }

  @Test
  void keepsNothingThatWasDecidedWhileThePolicyChanged() throws Exception {
    waits = true;
    CompletableFuture<Judgement> first = verdicts.ask(MODEL, LONG);
    Watching.until("the judge is asked", () -> calls.get() == 1);
    version = "2";
    open.countDown();
    first.join();
    version = "1";

    ask(MODEL);
    assertThat(calls).hasValue(2);
  }

  @Test
  void keepsABoundedNumber() {
    for (int i = 0; i < 5; i++) {
      ask(model("r.example", i));
    }
    assertThat(verdicts.size()).isEqualTo(3);
    ask(model("r.example", 4));
    assertThat(calls).hasValue(5);
    ask(model("r.example", 0));
    assertThat(calls).hasValue(6);
  }

  @Test
  void distinguishesDigestsRepositoriesAndRegistries() {
    ask(MODEL);
    ask(OciReference.parse("oci://r.example/m1@sha256:" + "cd".repeat(32)));
    ask(model("s.example", 1));
    ask(model("r.example:5000", 1));

    assertThat(calls).hasValue(4);
  }

  @Test
  void asksOnceForAllWhoAskAtTheSameTime() throws Exception {
    waits = true;
    List<CompletableFuture<Judgement>> answers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      answers.add(verdicts.ask(MODEL, LONG));
    }
    assertThat(verdicts.pending()).isEqualTo(1);
    open.countDown();

    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().isAdmitted()).isTrue());
    assertThat(calls).hasValue(1);
    assertThat(verdicts.pending()).isZero();
  }

  @Test
  void answersInTimeIfTheJudgeDoesNot() throws Exception {
    waits = true;

    Judgement late = verdicts.ask(MODEL, SHORT).join();

    assertThat(late.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(late.message()).startsWith("there is no verdict after 1 s");
    Watching.until("the judge is interrupted", interrupted::get);
    // What it says after that is not kept.
    Watching.until("nothing is pending", () -> verdicts.pending() == 0);
    assertThat(verdicts.size()).isZero();
  }

  /** Whoever has little time must not take the verdict from those who have more. */
  @Test
  void goesOnForThoseWhoStillWait() throws Exception {
    waits = true;
    CompletableFuture<Judgement> hasty = verdicts.ask(MODEL, SHORT);
    CompletableFuture<Judgement> patient = verdicts.ask(MODEL, LONG);
    CompletableFuture<Judgement> another = verdicts.ask(MODEL, SHORT);

    assertThat(hasty.join().kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(another.join().kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(verdicts.pending()).isEqualTo(1);
    open.countDown();

    assertThat(patient.join().kind()).isEqualTo(Kind.VERIFIED);
    assertThat(given.get()).isEqualTo(Duration.ofSeconds(36));
    assertThat(interrupted).isFalse();
    assertThat(calls).hasValue(1);
    assertThat(verdicts.size()).isEqualTo(1);
  }

  @Test
  void answersAtOnceIfTooManyWait() throws Exception {
    waits = true;
    List<CompletableFuture<Judgement>> answers = new ArrayList<>();
    for (int i = 0; i < THREADS + QUEUE; i++) {
      answers.add(verdicts.ask(model("slow.example", i), LONG));
    }
    Watching.until("all threads are busy", () -> calls.get() == THREADS);

    Judgement refused = verdicts.ask(model("slow.example", 99), LONG).join();
    assertThat(refused.kind()).isEqualTo(Kind.UNKNOWN);
    assertThat(refused.message())
        .isEqualTo("3 models of slow.example wait for a verdict already; try again later");

    // Whoever asks another registry does not wait for that.
    waits = false;
    assertThat(ask(model("fast.example", 1))).isEqualTo(Kind.VERIFIED);
    open.countDown();
    assertThat(answers).allSatisfy(answer -> assertThat(answer.join().isAdmitted()).isTrue());
  }

  @Test
  void reportsAJudgeThatBreaksDown() throws Exception {
    List<Throwable> seen = new CopyOnWriteArrayList<>();
    try (Verdicts broken =
        new Verdicts(
            new Judge() {
              @Override
              public String version() {
                return "1";
              }

              @Override
              public Judgement judge(OciReference model, Duration limit) {
                throw new StackOverflowError();
              }
            },
            new Verdicts.Limits(3, LONG, LONG, LONG, 1, 1),
            seen::add)) {
      Judgement judgement = broken.ask(MODEL, LONG).join();

      assertThat(judgement.kind()).isEqualTo(Kind.UNKNOWN);
      assertThat(judgement.message()).contains("broke down");
      assertThat(seen).hasSize(1).first().isInstanceOf(StackOverflowError.class);
      assertThat(broken.size()).isZero();
    }
  }
}
