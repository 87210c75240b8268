package dev.modelsigning.cli.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A secret after a misspelt option does not appear in output. */
class SecretsInUsageTest {

  /** No message has these characters by chance. */
  private static final String PIN = "80417263";

  private static final String WORD = "xyzzyqwrt";

  @TempDir private Path directory;
  private Workspace workspace;

  @BeforeEach
  void makeWorkspace() throws Exception {
    workspace = Workspace.in(directory);
  }

  /** Command lines with a secret S in them, and a word before it that is not to be shown either. */
  static List<String> misspelt() {
    List<String> lines = new ArrayList<>();
    for (String command : List.of("sign pkcs11-key M", "pkcs11 list")) {
      for (String arguments :
          List.of(
              "--pin S",
              "--pin=S",
              "--pinS",
              "--pin:S",
              "--pin-S",
              "--pkcs11-uri-pin-S",
              "--pkcs11-uriS",
              "--pkcs11-urii pkcs11:token=a?pin-value=S",
              "--pkcs11-urii=pkcs11:token=a?pin-value=S",
              "--pkcs11-uri pkcs11:token=a --pkcs11-urj S",
              "--pkcs11-uri pkcs11:token=a?pin_value=S",
              "--pkcs11-uri pkcs11:token=a?pin=S",
              "--pkcs11-uri pkcs11:token=a?S=1",
              "--pkcs11-uri pkcs11:token=a?pin-source=S",
              "--pkcs11-uri pkcs11:token=a?pin-source=a&S=1",
              "--pkcs11-uri pkcs11:token=a?pin-value=a&S",
              "--pkcs11-uri pkcs11:token=a?pin-value=a&S=b",
              "--pkcs11-uri pkcs11:token=a?pin-value=S%zz",
              "--pkcs11-uri pkcs11:token=a;pin-value=S",
              "--pkcs11-uri S",
              "--pkcs11-uri --S",
              "--pkcs11-uri --module-path S",
              "--pkcs11-uri pkcs11:a?pin-value=S --pkcs11-uri pkcs11:b?pin-value=S",
              "-pS",
              "-p S",
              "-S",
              "--S",
              "-hS",
              "-VS",
              "--help=S",
              "@S",
              "/S",
              "./S",
              "--log-level=S",
              "S S S")) {
        lines.add(command + " " + arguments);
      }
    }
    for (String arguments :
        List.of(
            "--identity-tokn S",
            "--identity-tokn=S",
            "--identity-tokenS",
            "--client-secrt S",
            "--client-secrt=S",
            "--client-secretS",
            "--use-ambient-credentials=S",
            "--no-use-ambient-credentials=S",
            "--oauth-force-oob=S",
            "--rekor-version S",
            "--rekor-version=S",
            "--identity-token --S",
            "--identity-token --client-id S")) {
      lines.add("sign sigstore M " + arguments);
      lines.add("sign M " + arguments);
    }
    for (String arguments :
        List.of(
            "--pasword S",
            "--pasword=S",
            "--passwordS",
            "--password-S",
            "--password -- S S",
            "--no-password S",
            "--private-key --password S",
            "--shard-size=S",
            "--jobs S",
            "--hash-algorithm=S",
            "--tsa-url S:// ",
            "--allow-symlinks=S",
            "--quiet=S")) {
      lines.add("sign key M --signature sig " + arguments);
      lines.add("sign certificate M --signature sig " + arguments);
    }
    lines.addAll(
        List.of(
            "S",
            "--S",
            "-S",
            "help S",
            "help sign S",
            "sign S",
            "sign S --pin S",
            "verify S",
            "pkcs11 S",
            "generate-key --pasword=S",
            "generate-key --curve=S",
            "verify certificate M --verification-time S",
            "verify key M --format=S",
            "digest M S",
            "digest M --password=S",
            "completion S"));
    return lines;
  }

  @ParameterizedTest
  @MethodSource("misspelt")
  void neverShowsWhatMayBeASecret(String line) {
    // Options that take one of some words repeat another word, but nothing else.
    boolean takesWord =
        line.matches(".*--(log-level|rekor-version|shard-size|jobs|hash-algorithm|curve|format).*");
    for (String secret : takesWord ? List.of(PIN) : List.of(PIN, WORD)) {
      Object[] args =
          Arrays.stream(line.strip().split(" "))
              .map(each -> each.equals("M") ? workspace.model() : each.replace("S", secret))
              .toArray();
      Invocation run = Invocation.in(Map.of("MODEL_SIGNING_LOG_LEVEL", "DEBUG"), args);
      assertThat(run.out() + run.err()).isNotEmpty().doesNotContain(secret.substring(2));
    }
  }

  @Test
  void saysAllTheSameWhichArgumentIsMeant() {
    Invocation.of(
            "sign", "pkcs11-key", workspace.model(), "--pkcs11-urii=pkcs11:x?pin-value=" + PIN)
        .assertUsage(
            "Unknown option: argument 4 (not shown, as it may be a secret)",
            "Did you mean: --pkcs11-uri?");
    Invocation.of("sign", workspace.model(), "--identity-tokn", PIN)
        .assertUsage("Unknown option: '--identity-tokn'\n", "Did you mean: --identity-token?");
    Invocation.of("sign", "key", workspace.model(), "--quiet=" + PIN)
        .assertUsage("a value was given to an option that takes none: '--quiet'");
    Invocation.of("sign", "key", workspace.model(), "--private-key", "--signature", "a")
        .assertUsage("Missing value: expected KEY for option '--private-key'");
    Invocation.of("sign", PIN)
        .assertUsage("what follows 'sign' (not shown, as it may be a secret) is neither a signing");
  }

  @Test
  void showsNoTokenThatWasTakenForAFile() {
    String token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.c2lnbmF0dXJl";
    Invocation run = Invocation.of("sign", workspace.model(), "--trust-config", token);
    assertThat(run.status()).isNotZero();
    assertThat(run.err()).contains("(token)").doesNotContain("eyJ");
  }
}
