package dev.modelsigning.cli.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LimitedInputTest {

  private static final int MOST = 10 * ByteBudget.STEP;

  private final ByteBudget budget = new ByteBudget(3 * ByteBudget.STEP, 50);

  private LimitedInput body(int length) {
    return new LimitedInput(new ByteArrayInputStream(new byte[length]), MOST, budget);
  }

  /** The first bytes are free, so that a small review needs nothing of what others hold. */
  @Test
  void reservesWhatArrives() throws Exception {
    try (LimitedInput first = body(4 * ByteBudget.STEP);
        LimitedInput small = body(ByteBudget.STEP);
        LimitedInput second = body(ByteBudget.STEP + 1)) {
      assertThat(first.readAllBytes()).hasSize(4 * ByteBudget.STEP);
      assertThat(small.readAllBytes()).hasSize(ByteBudget.STEP);
      assertThatThrownBy(second::readAllBytes).isInstanceOf(ByteBudget.ExhaustedException.class);
    }
    try (LimitedInput again = body(4 * ByteBudget.STEP)) {
      assertThat(again.readAllBytes()).hasSize(4 * ByteBudget.STEP);
    }
  }

  @Test
  void waitsForWhatOthersHold() throws Exception {
    ByteBudget patient = new ByteBudget(ByteBudget.STEP, 40_000);
    LimitedInput first =
        new LimitedInput(new ByteArrayInputStream(new byte[2 * ByteBudget.STEP]), MOST, patient);
    first.readAllBytes();
    CompletableFuture<Integer> second =
        CompletableFuture.supplyAsync(() -> {
          try (LimitedInput body =
              new LimitedInput(
                  new ByteArrayInputStream(new byte[2 * ByteBudget.STEP]), MOST, patient)) {
            return body.readAllBytes().length;
          } catch (IOException e) {
            return -1;
          }
        });
    while (!patient.isShort()) {
      Thread.onSpinWait();
    }
    first.close();

    assertThat(second.join()).isEqualTo(2 * ByteBudget.STEP);
    assertThat(patient.isShort()).isFalse();
  }

  @Test
  void releasesNothingTwice() throws Exception {
    LimitedInput body = body(4 * ByteBudget.STEP);
    body.readAllBytes();
    body.close();
    body.close();

    try (LimitedInput first = body(4 * ByteBudget.STEP);
        LimitedInput second = body(2 * ByteBudget.STEP)) {
      first.readAllBytes();
      assertThatThrownBy(second::readAllBytes).isInstanceOf(ByteBudget.ExhaustedException.class);
    }
  }

  @Test
  void refusesMoreThanTheMost() {
    ByteBudget large = new ByteBudget(20 * ByteBudget.STEP, 50);
    try (LimitedInput body =
        new LimitedInput(new ByteArrayInputStream(new byte[MOST + 1]), MOST, large)) {
      assertThatThrownBy(body::readAllBytes)
          .isInstanceOf(IOException.class)
          .hasMessage("more than " + MOST + " bytes arrive");
    }
  }
}
