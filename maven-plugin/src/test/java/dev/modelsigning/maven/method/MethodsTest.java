package dev.modelsigning.maven.method;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.modelsigning.ModelSigner;
import dev.modelsigning.ModelVerifier;
import dev.modelsigning.key.KeyPairFiles;
import dev.modelsigning.local.DirectorySource;
import dev.modelsigning.maven.ListLog;
import dev.modelsigning.maven.build.Build;
import dev.modelsigning.maven.build.BuildLog;
import dev.modelsigning.maven.build.ServerPasswords;
import dev.modelsigning.maven.build.WrongParameterException;
import dev.modelsigning.signing.VerificationTime.Source;
import dev.modelsigning.signingkey.EcdsaScheme;
import dev.modelsigning.testing.TestCertificate;
import dev.modelsigning.testing.TestTimestampAuthority;
import java.io.File;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.maven.settings.Server;
import org.apache.maven.settings.Settings;
import org.apache.maven.settings.building.DefaultSettingsProblem;
import org.apache.maven.settings.building.SettingsProblem;
import org.apache.maven.settings.crypto.SettingsDecryptionRequest;
import org.apache.maven.settings.crypto.SettingsDecryptionResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Errors in configuration elements, which are reported before anything is read or requested. */
class MethodsTest {

  @TempDir Path directory;

  private final Settings settings = new Settings();
  private List<SettingsProblem> problems = List.of();

  private Build build(boolean offline, Map<String, String> environment) {
    return new Build(
        directory,
        offline,
        environment,
        new ServerPasswords(settings, this::decrypted),
        new BuildLog(new ListLog()));
  }

  private SettingsDecryptionResult decrypted(SettingsDecryptionRequest request) {
    return new SettingsDecryptionResult() {
      @Override
      public Server getServer() {
        return request.getServers().get(0);
      }

      @Override
      public List<Server> getServers() {
        return request.getServers();
      }

      @Override
      public org.apache.maven.settings.Proxy getProxy() {
        return null;
      }

      @Override
      public List<org.apache.maven.settings.Proxy> getProxies() {
        return List.of();
      }

      @Override
      public List<SettingsProblem> getProblems() {
        return problems;
      }
    };
  }

  /** Sets fields by name, as Maven does. */
  private static <T extends SigningMethod> T with(T method, Object... fields) throws Exception {
    for (int i = 0; i < fields.length; i += 2) {
      Class<?> type = method.getClass();
      Field field = null;
      for (; field == null; type = type.getSuperclass()) {
        for (Field each : type.getDeclaredFields()) {
          field = each.getName().equals(fields[i]) ? each : field;
        }
      }
      field.setAccessible(true);
      field.set(method, fields[i + 1]);
    }
    return method;
  }

  private void refusesToVerify(SigningMethod method, boolean offline, String message) {
    assertThatThrownBy(() -> method.verifier(build(offline, Map.of())))
        .isInstanceOf(WrongParameterException.class)
        .hasMessageStartingWith(message);
  }

  private void refusesToSign(SigningMethod method, String message) {
    assertThatThrownBy(() ->
            method.sign(
                build(false, Map.of()),
                signer -> {
                  throw new AssertionError("nothing is to be signed");
                }))
        .hasMessageStartingWith(message);
  }

  @Test
  void keylessVerificationNeedsAnIdentityAndOneInstance() throws Exception {
    File file = directory.resolve("f").toFile();
    refusesToVerify(new SigstoreMethod(), false, "<sigstore.identityProvider>: is missing");
    refusesToVerify(
        with(new SigstoreMethod(), "identityProvider", "https://p"),
        false,
        "<sigstore.identity>: say who must have signed");
    refusesToVerify(
        with(
            new SigstoreMethod(),
            "identityProvider",
            "https://p",
            "identity",
            "a@b",
            "identityRegexp",
            ".*"),
        false,
        "<sigstore.identity>: say who must have signed");
    refusesToVerify(
        with(new SigstoreMethod(), "identityProvider", "https://p", "identityRegexp", "("),
        false,
        "<sigstore.identityRegexp>: ");
    refusesToVerify(
        with(new SigstoreMethod(), "trustedRoot", file, "useStaging", "true"),
        false,
        "<sigstore>: give one of");
    refusesToVerify(
        with(new SigstoreMethod(), "trustRoot", file),
        false,
        "<sigstore.trustRepository>: needs <trustRoot>");
    refusesToVerify(
        with(
            new SigstoreMethod(),
            "identityProvider",
            "https://p",
            "identity",
            "a@b",
            "trustRepository",
            "https://me:secret@host",
            "trustRoot",
            file),
        false,
        "<sigstore.trustRepository>: expected an http or https address without a password");
  }

  @Test
  void keylessSigningNeedsAToken() throws Exception {
    refusesToSign(new SigstoreMethod(), "<sigstore>: nothing says who signs");
    refusesToSign(
        with(
            new SigstoreMethod(),
            "identityTokenFile",
            directory.toFile(),
            "useAmbientCredentials",
            "true"),
        "<sigstore.identityTokenFile>: excludes <useAmbientCredentials>");
    refusesToSign(
        with(new SigstoreMethod(), "trustedRoot", directory.toFile()),
        "<sigstore.trustedRoot>: says whom to trust and not where to sign");
  }

  @Test
  void certificatesAreNeverThoseOfThePlatform() throws Exception {
    refusesToVerify(new CertificateMethod(), false, "<certificate.certificateChain>: is missing");
    refusesToVerify(
        with(
            new CertificateMethod(),
            "certificateChain",
            List.of(new File("ca")),
            "revocationSoftFail",
            "true"),
        false,
        "<certificate.revocationSoftFail>: needs <crls>");
    refusesToVerify(
        with(
            new CertificateMethod(),
            "certificateChain",
            List.of(new File("ca")),
            "revocationCheck",
            "true"),
        true,
        "<certificate.revocationCheck>: needs a network, and Maven was told to work offline");
    refusesToSign(new CertificateMethod(), "<certificate.signingCertificate>: is missing");
    refusesToSign(
        with(new CertificateMethod(), "alias", "a"), "<certificate.alias>: needs <keystore>");
    refusesToSign(
        with(new CertificateMethod(), "keystore", new File("k"), "privateKey", "k"),
        "<certificate.keystore>: excludes <privateKey>");
  }

  @Test
  void noPinStandsInAPom() throws Exception {
    for (String uri :
        List.of("pkcs11:token=t?pin-value=98765", "pkcs11:token=t?module-name=m&PIN-VALUE=98765")) {
      assertThatThrownBy(() ->
              with(new KeyMethod(), "privateKey", uri)
                  .sign(
                      build(false, Map.of()),
                      signer -> {
                        throw new AssertionError("nothing is to be signed");
                      }))
          .hasMessageStartingWith("<key.privateKey>: a PIN in the URI")
          .hasMessageNotContaining("98765");
    }
    refusesToVerify(new KeyMethod(), false, "<key.publicKey>: is missing");
    refusesToSign(
        with(new KeyMethod(), "passwordFile", new File("p"), "passwordServer", "s"),
        "<key.passwordFile>: excludes <passwordServer>");
  }

  @Test
  void passwordsOfServersAreDecryptedAndNeverShown() throws Exception {
    Server server = new Server();
    server.setId("release");
    server.setPassword("secret");
    settings.addServer(server);
    ServerPasswords passwords = build(false, Map.of()).servers();

    assertThat(passwords.password("key.pinServer", "release")).isEqualTo("secret".toCharArray());
    assertThatThrownBy(() -> passwords.password("key.pinServer", "none"))
        .hasMessage("<key.pinServer>: there is no server 'none' in settings.xml");

    problems =
        List.of(
            new DefaultSettingsProblem(
                "cannot decrypt secret", SettingsProblem.Severity.ERROR, "s", 1, 1, null));
    assertThatThrownBy(() -> passwords.password("key.pinServer", "release"))
        .hasMessageContaining("cannot be decrypted")
        .hasMessageNotContaining("secret in");
  }

  @Test
  void aKeyThatIsEncryptedNeedsAPasswordFromSomewhere() throws Exception {
    Path key = directory.resolve("key.pem");
    KeyPairFiles.generate(
        EcdsaScheme.P256, key, directory.resolve("key.pub"), "secret".toCharArray());

    refusesToSign(
        with(new KeyMethod(), "privateKey", "key.pem"), key + ": the private key is encrypted; ");
    Files.writeString(directory.resolve("password.txt"), "secret\n");
    boolean[] signed = new boolean[3];
    with(
            new KeyMethod(),
            "privateKey",
            "key.pem",
            "passwordFile",
            directory.resolve("password.txt").toFile())
        .sign(
            build(false, Map.of()),
            signer -> {
              signed[0] = true;
              return null;
            });
    with(new KeyMethod(), "privateKey", "key.pem")
        .sign(
            build(false, Map.of("MODEL_SIGNING_PASSWORD", "secret")),
            signer -> {
              signed[1] = true;
              return null;
            });
    Server server = new Server();
    server.setId("release");
    server.setPassword("secret");
    settings.addServer(server);
    with(new KeyMethod(), "privateKey", "key.pem", "passwordServer", "release")
        .sign(
            build(false, Map.of()),
            signer -> {
              signed[2] = true;
              return null;
            });
    assertThat(signed).containsExactly(true, true, true);
  }

  @Test
  void signaturesAreStampedAndTheStampsVerified() throws Exception {
    TestCertificate root = TestCertificate.root("CN=TSA Root");
    Path trusted = TestCertificate.write(directory.resolve("tsa.pem"), root);
    Path signature = directory.resolve("model.sig");
    Path model = Files.writeString(directory.resolve("weights.bin"), "weights");
    KeyPairFiles.generate(
        EcdsaScheme.P256, directory.resolve("key.pem"), directory.resolve("key.pub"));
    KeyMethod method =
        with(
            new KeyMethod(),
            "privateKey",
            "key.pem",
            "publicKey",
            "key.pub",
            "tsaCertificateChain",
            List.of(trusted.toFile()));
    try (TestTimestampAuthority.Server server = TestTimestampAuthority.below(root).serve()) {
      with(method, "tsaUrl", server.uri().toString())
          .sign(
              build(false, Map.of()),
              signer -> ModelSigner.using(signer).sign(DirectorySource.of(model), signature));
      assertThatThrownBy(() -> method.sign(build(true, Map.of()), signer -> null))
          .hasMessageStartingWith("<key.tsaUrl>: needs a network");
    }

    assertThat(
            ModelVerifier.using(method.verifier(build(true, Map.of())))
                .verify(model, signature)
                .times())
        .anySatisfy(time -> assertThat(time.source()).isEqualTo(Source.TIMESTAMP));
  }
}
