package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.pkcs11.internal.cryptoki.TokenModule;
import dev.modelsigning.pkcs11.internal.token.TokenAccess;
import dev.modelsigning.testing.Models;
import dev.modelsigning.testing.TestKeys;
import dev.modelsigning.testing.Watching;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An interrupt ends the wait for a module that hangs. */
@Timeout(60)
class HangingModuleTest {

  @TempDir private Path directory;

  private final FakeCryptoki token = new FakeCryptoki().withPair(TestKeys.generate(), 1, "models");
  private final TokenAccess access =
      token.access(request -> FakeCryptoki.PIN.toCharArray(), warning -> {});

  private final List<Thread> started = new ArrayList<>();

  /** A concurrent signing would then use a directory that is about to be removed. */
  @AfterEach
  void letGo() throws Exception {
    token.letGo.countDown();
    for (Thread thread : started) {
      thread.join();
    }
  }

  private boolean sign() throws Exception {
    Path model = Models.write(directory.resolve("model"), "a", "alpha");
    try (TokenSigner signer = TokenSigner.open(Pkcs11Uri.parse("pkcs11:object=models"), access)) {
      ModelSigner.using(signer).sign(model, directory.resolve("model.sig"));
      return true;
    } catch (InterruptedIOException e) {
      // As usual in Java, code that reports an interrupt in another way preserves the interrupt
      // status.
      return !Thread.currentThread().isInterrupted();
    }
  }

  private Thread start(FutureTask<Boolean> task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    started.add(thread);
    thread.start();
    return thread;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "C_GetSlotList",
        "C_GetTokenInfo",
        "C_OpenSession",
        "C_Login",
        "C_FindObjects",
        "C_SignInit",
        "C_Sign"
      })
  void endsAtOnceWhereverTheModuleHangs(String function) throws Exception {
    token.hanging = function;
    Callable<Boolean> sign = this::sign;
    FutureTask<Boolean> signing = new FutureTask<>(sign);
    Thread thread = start(signing);
    assertThat(token.hangs.await(30, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    assertThat(signing.get(5, TimeUnit.SECONDS)).as("signed, or not interrupted").isFalse();
    assertThat(directory.resolve("model.sig")).doesNotExist();
    assertThat(token.calls).last().isEqualTo(function);
  }

  @Test
  void endsTheSessionOnceTheModuleComesBack() throws Exception {
    token.hanging = "C_Sign";
    FutureTask<Boolean> signing = new FutureTask<>(this::sign);
    Thread thread = start(signing);
    assertThat(token.hangs.await(30, TimeUnit.SECONDS)).isTrue();
    thread.interrupt();
    signing.get(5, TimeUnit.SECONDS);
    token.letGo.countDown();
    assertThat(token.closed.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(token.calls).last().isEqualTo("C_CloseSession");
  }

  @Test
  void endsTheWaitingForAModuleThatHangsForSomebodyElse() throws Exception {
    token.hanging = "C_FindObjects";
    start(new FutureTask<>(this::sign));
    assertThat(token.hangs.await(30, TimeUnit.SECONDS)).isTrue();
    FutureTask<Boolean> second = new FutureTask<>(this::sign);
    Thread waiting = start(second);
    Watching.until("it waits for the module", () -> Watching.waitsIn(TokenModule.class, waiting));
    waiting.interrupt();
    assertThat(second.get(5, TimeUnit.SECONDS)).isFalse();
  }

  @Test
  void keepsNoProcessAlive() throws Exception {
    token.hanging = "C_OpenSession";
    start(new FutureTask<>(this::sign));
    assertThat(token.hangs.await(30, TimeUnit.SECONDS)).isTrue();
    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().equals("PKCS #11 module"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }
}
