package dev.modelsigning.kms.aws;

import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.KeyProvider;
import dev.modelsigning.signingkey.SigningKey;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.InvalidKeyException;
import java.security.PublicKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Opens elliptic-curve keys on P-256, P-384 or P-521 in AWS KMS, as cosign spells them: {@code
 * awskms:///KEY}, or {@code awskms://ENDPOINT/KEY} for a server that is not that of the region. KEY
 * is the id of a key, {@code alias/NAME}, or the ARN of either.
 *
 * <p>The region is that of the ARN, else of {@code AWS_REGION} or {@code AWS_DEFAULT_REGION}, else
 * where the AWS SDK looks for it; so are the credentials: the environment, the profile, a
 * container, the metadata of an instance. Settings of {@code AWS_ENDPOINT_URL_KMS} and {@code
 * AWS_ENDPOINT_URL} count, too. An endpoint has {@code https}, unless it is on this machine.
 *
 * <p>When a key is opened, its kind, its state and the permission to sign are checked, and an alias
 * is resolved: the key whose public key was read signs, even if the alias is changed meanwhile.
 * Keys are thread-safe, and have to be closed.
 */
public final class AwsKeyProvider implements KeyProvider {

  /** Creates a provider without settings. */
  public AwsKeyProvider() {}

  @Override
  public Set<String> uriSchemes() {
    return Set.of("awskms");
  }

  @Override
  public SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
    try {
      KmsService service = service(KmsUri.parse(key), context);
      try {
        KmsService.Known known = service.publicKey();
        service.requireMaySign(known);
        return new KmsKey(service, known);
      } catch (IOException | InvalidKeyException | RuntimeException e) {
        service.close();
        throw e;
      }
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads the public key, which needs the right {@code kms:GetPublicKey} and no other. */
  @Override
  public PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException {
    try (KmsService service = service(KmsUri.parse(key), context)) {
      return service.publicKey().key().publicKey();
    }
  }

  @Override
  public Optional<URI> service(URI key, KeyContext context)
      throws IOException, InvalidKeyException {
    return Optional.of(KmsSettings.of(KmsUri.parse(key), context).endpoint());
  }

  private static KmsService service(KmsUri uri, KeyContext context)
      throws IOException, InvalidKeyException {
    return KmsService.of(uri, KmsSettings.of(uri, context), context);
  }

  /** The configuration files of AWS in the home directory, which may have credentials. */
  @Override
  public List<Path> files(URI key, KeyContext context) {
    return KmsSettings.files(context);
  }
}
