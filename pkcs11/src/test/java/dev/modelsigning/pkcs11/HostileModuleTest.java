package dev.modelsigning.pkcs11;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Native code that lies or does not come back. It is not run in the process where it crashes. */
@EnabledIf(
    value = "dev.modelsigning.pkcs11.HostileModule#canBeCompiled",
    disabledReason = "no C compiler for Linux; install gcc")
@Timeout(60)
class HostileModuleTest {

  @TempDir private static Path directory;

  private static List<Pkcs11Tokens.Token> list(Path module) throws Exception {
    KeyContext context =
        KeyContext.withDefaults()
            .withOption(Pkcs11KeyProvider.MODULE_PATH, module.toString())
            .withSecrets(request -> "1234".toCharArray());
    return Pkcs11Tokens.list(Pkcs11Uri.parse("pkcs11:"), context, true);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          MILLIONS_OF_SLOTS | C_GetSlotList claims 9223372036854775807 slots, expected at most
          EVER_MORE_SLOTS | C_GetSlotList finds ever more slots
          ENDLESS_OBJECTS | C_FindObjects claims 10001 objects of a class, expected at most 10000
          SAME_OBJECT | C_FindObjects finds an object twice
          TOO_MANY_OBJECTS_AT_A_TIME | C_FindObjects claims 65 objects at a time, expected at most
          HUGE_VALUE | C_GetAttributeValue claims 2147483648 bytes, expected at most 1048576
          GROWING_VALUE | C_GetAttributeValue claims 5 bytes, expected at most 4
          """)
  void boundsWhatAModuleClaims(String what, String message) throws Exception {
    Path module = HostileModule.compile(directory, what);
    assertThatThrownBy(() -> list(module))
        .isInstanceOf(SigningException.class)
        .hasMessageContainingAll(message, "the PKCS #11 module is faulty");
  }

  @ParameterizedTest
  @ValueSource(strings = {"HANG_IN_INITIALIZE", "HANG_IN_SLOT_LIST", "HANG_IN_LOGIN"})
  void anInterruptEndsTheWaiting(String what) throws Exception {
    Path module = HostileModule.compile(directory, what);
    FutureTask<Boolean> listing =
        new FutureTask<>(() -> {
          try {
            list(module);
            return false;
          } catch (InterruptedIOException e) {
            return true;
          }
        });
    Thread thread = new Thread(listing);
    thread.setDaemon(true);
    thread.start();
    HostileModule.awaitHanging(module);
    assertThat(listing.isDone()).isFalse();
    thread.interrupt();
    assertThat(listing.get(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void goesOnIfASessionDoesNotEnd() throws Exception {
    assertThat(list(HostileModule.compile(directory, "FAIL_TO_CLOSE"))).hasSize(1);
  }
}
