package dev.modelsigning.cli.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.Invocation;
import dev.modelsigning.cli.Workspace;
import dev.modelsigning.cli.testing.PemFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code fingerprint} and {@code public-key}, for public and private keys. */
class KeyFileCommandsTest {

  private static final String FAILED = "Reading the key failed with error";

  @TempDir private Path directory;

  private Workspace workspace;

  @BeforeEach
  void makeKeys() throws IOException {
    workspace = Workspace.in(directory);
  }

  @Test
  void printTheSameOfBothHalves() throws Exception {
    String pem = Files.readString(workspace.publicKey());
    String fingerprint =
        Invocation.of("fingerprint", workspace.publicKey()).assertSucceeded().out();

    assertThat(fingerprint).matches("[0-9a-f]{64}\\R");
    assertThat(workspace.sign().assertSucceeded().out()).contains("key " + fingerprint.strip());
    assertThat(Invocation.of("fingerprint", workspace.privateKey()).assertSucceeded().out())
        .isEqualTo(fingerprint);
    for (Path half : new Path[] {workspace.publicKey(), workspace.privateKey()}) {
      assertThat(Invocation.of("public-key", half).assertSucceeded().out()).isEqualTo(pem);
    }
    assertThat(Invocation.of("public_key", workspace.publicKey().toUri()).assertSucceeded().out())
        .isEqualTo(pem);
  }

  @Test
  void openEncryptedKeys() throws Exception {
    KeyPair pair = PemFiles.ec("secp384r1");
    Path encrypted = PemFiles.writePkcs8(workspace.path("encrypted.pem"), pair, "secret");
    Path publicKey = PemFiles.writePublic(workspace.path("encrypted.pub"), pair);

    Invocation found =
        Invocation.in(Map.of("MODEL_SIGNING_PASSWORD", "secret"), "fingerprint", encrypted)
            .assertSucceeded();

    assertThat(found.out()).isEqualTo(Invocation.of("fingerprint", publicKey).out());
    Invocation.of("fingerprint", encrypted).assertFailed(FAILED, "MODEL_SIGNING_PASSWORD");
  }

  @ParameterizedTest
  @ValueSource(strings = {"fingerprint", "public-key"})
  void refuseWhatIsNoKey(String command) throws Exception {
    Path rubbish = workspace.write("rubbish", "none");
    Path both =
        workspace.write(
            "both",
            Files.readString(workspace.privateKey()) + Files.readString(workspace.publicKey()));

    Invocation.of(command, rubbish).assertFailed(FAILED, "holds no public key");
    Invocation.of(command, workspace.path("none")).assertFailed(FAILED, "no such file");
    Invocation.of(command, both).assertFailed(FAILED, "holds a public key");
    Invocation.of(command).assertUsage("FILE");
  }

  @Test
  void suggestACopyForKeysOfOpenSsh() throws Exception {
    Path key =
        workspace.write(
            "id_ecdsa",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n");

    Invocation.of("public-key", key)
        .assertFailed(FAILED, "'cp KEY COPY && ssh-keygen -p -m PKCS8 -f COPY'");
  }
}
