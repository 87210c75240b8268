package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A program that does not end does not hold up a test. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
class TimedProcessTest {

  private final List<Runnable> timeOuts = new ArrayList<>();

  @Test
  @Timeout(60)
  void killsAProgramAndItsChildrenAtTheTimeOut() throws Exception {
    Process process =
        TimedProcess.start(
            new ProcessBuilder("sh", "-c", "sleep 1000 & echo started; wait"), timeOuts::add);
    assertThat(process.inputReader().readLine()).isEqualTo("started");
    List<ProcessHandle> children = process.descendants().toList();
    assertThat(children).isNotEmpty();

    timeOuts.get(0).run();

    assertThat(process.getInputStream().readAllBytes()).isEmpty();
    assertThat(process.waitFor()).isNotZero();
    for (ProcessHandle child : children) {
      child.onExit().get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  @Timeout(60)
  void leavesAProgramThatHasEnded() throws Exception {
    Process process = TimedProcess.start(new ProcessBuilder("sh", "-c", "exit 3"), timeOuts::add);
    assertThat(process.waitFor()).isEqualTo(3);

    timeOuts.get(0).run();

    assertThat(process.exitValue()).isEqualTo(3);
  }
}
