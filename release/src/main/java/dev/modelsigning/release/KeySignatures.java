package dev.modelsigning.release;

import dev.modelsigning.bundle.Bytes;
import dev.modelsigning.bundle.Payload;
import dev.modelsigning.key.KeySigner;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProviders;
import dev.modelsigning.signingkey.SecretSource;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Signs the provenance and the release with a key: the publisher's, or a temporary one that is
 * deleted afterwards (a trial).
 */
final class KeySignatures {

  private final Settings settings;
  private final Map<String, String> environment;
  private final Program program;
  private final PrintStream log;

  KeySignatures(
      Settings settings, Map<String, String> environment, Program program, PrintStream log) {
    this.settings = settings;
    this.environment = environment;
    this.program = program;
    this.log = log;
  }

  /**
   * Signs, and verifies what was signed.
   *
   * @return the options of {@code release/verify} that name the signer
   */
  String sign(byte[] provenance)
      throws IOException,
          ReleaseException,
          SigningException,
          InvalidKeyException,
          InterruptedException {
    if (settings.isTrial()) {
      signTrial(provenance);
    } else {
      signWith(settings.key(), provenance);
    }
    return "--public-key " + settings.publicKey();
  }

  private void signTrial(byte[] provenance)
      throws IOException,
          ReleaseException,
          SigningException,
          InvalidKeyException,
          InterruptedException {
    Path temporary = Files.createTempDirectory("model-signing-release");
    try {
      Path key = temporary.resolve("key.pem");
      program.run(
          List.of(
              "generate-key",
              "--quiet",
              "--private-key=" + key,
              "--public-key=" + temporary.resolve("key.pub")));
      signWith(key.toString(), provenance);
    } finally {
      Trees.delete(temporary);
    }
    log.println(
        """

        NOTICE: this is a trial. No key was given, so the release is signed with a temporary key, which
        has been deleted; its public key is %s.
        The signature shows that files are as they were built, and nothing about who built them. For a
        release give -Dmodelsigning.releaseKey=FILE or -Dmodelsigning.releaseKeyless=true (docs/release.md).
        """
            .formatted(settings.publicKey()));
  }

  private void signWith(String name, byte[] provenance)
      throws IOException,
          ReleaseException,
          SigningException,
          InvalidKeyException,
          InterruptedException {
    KeyProviders providers = KeyProviders.installed();
    Optional<URI> uri = providers.uri(name);
    if (uri.isEmpty()) {
      Path file = settings.checkout().resolve(name);
      signWith(KeySigner.load(file, this::secret), file.toString(), provenance);
      return;
    }
    KeyContext context = KeyContext.withDefaults().withSecrets(this::secret);
    try (SigningKey key = providers.open(uri.get(), context)) {
      signWith(KeySigner.using(key), name, provenance);
    }
  }

  private void signWith(KeySigner signer, String name, byte[] provenance)
      throws IOException, ReleaseException, SigningException, InterruptedException {
    Path directory = settings.directory();
    signer
        .sign(Payload.inToto(Bytes.of(provenance)))
        .bundle()
        .write(directory.resolve(ReleaseSignature.PROVENANCE));
    Files.writeString(settings.publicKey(), signer.publicKey().pem());
    new ReleaseSignature("key", directory, program)
        .make(List.of("--private-key=" + name), List.of("--public-key=" + settings.publicKey()));
  }

  private char[] secret(SecretSource.Request request) throws SigningException {
    String variable =
        request.kind() == SecretSource.Kind.PIN ? "PKCS11_PIN" : "MODEL_SIGNING_PASSWORD";
    String secret = environment.get(variable);
    if (secret == null) {
      throw new SigningException(request.prompt() + " is protected; set " + variable);
    }
    return secret.toCharArray();
  }
}
