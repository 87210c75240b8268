package dev.modelsigning.kms.vault;

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
 * Opens elliptic-curve keys on P-256, P-384 or P-521 in the secrets engine {@code transit} of
 * HashiCorp Vault ({@code hashivault://KEY}) and OpenBao ({@code openbao://KEY}), as cosign spells
 * them. The latest version of the key is used.
 *
 * <p>These variables of the environment say what the URI does not. For {@code openbao} each is
 * first looked for with {@code BAO_} in place of {@code VAULT_}.
 *
 * <ul>
 *   <li>{@code VAULT_ADDR}: the address, with {@code https} unless it is on this machine. Required
 *   <li>{@code VAULT_TOKEN}: the token; else it is read from {@code .vault-token} in the home
 *       directory
 *   <li>{@code VAULT_NAMESPACE}: the namespace
 *   <li>{@code VAULT_CACERT}: a file with the only authorities that are trusted for TLS
 *   <li>{@code TRANSIT_SECRET_ENGINE_PATH}: where the engine is mounted, {@code transit} by default
 * </ul>
 *
 * <p>When a key is opened, its kind and the permission to sign are checked, and its version is
 * fixed: a key that is rotated afterwards still signs with the version whose public key is known.
 * Keys are thread-safe.
 */
public final class VaultKeyProvider implements KeyProvider {

  /** Creates a provider without settings. */
  public VaultKeyProvider() {}

  @Override
  public Set<String> uriSchemes() {
    return Set.of(VaultUri.VAULT, VaultUri.OPENBAO);
  }

  @Override
  public SigningKey open(URI key, KeyContext context) throws IOException, SigningException {
    try {
      Transit transit = transit(key, context);
      TransitKey.Version version = transit.latest();
      transit.requireMaySign(version.scheme());
      return new TransitKey(transit, version);
    } catch (InvalidKeyException e) {
      throw new SigningException(String.valueOf(e.getMessage()), e);
    }
  }

  /** Reads the public key of the latest version, which needs no right to sign. */
  @Override
  public PublicKey publicKey(URI key, KeyContext context) throws IOException, InvalidKeyException {
    return transit(key, context).latest().key().publicKey();
  }

  @Override
  public Optional<URI> service(URI key, KeyContext context) throws InvalidKeyException {
    return Optional.of(VaultSettings.of(VaultUri.parse(key), context).address());
  }

  private static Transit transit(URI key, KeyContext context)
      throws IOException, InvalidKeyException {
    VaultUri uri = VaultUri.parse(key);
    VaultSettings settings = VaultSettings.of(uri, context);
    return new Transit(VaultService.of(settings, context.timeout()), uri.key(), settings.engine());
  }

  /** The file with the token and the one with authorities, if they are used. */
  @Override
  public List<Path> files(URI key, KeyContext context) throws IOException {
    try {
      return VaultSettings.of(VaultUri.parse(key), context).files();
    } catch (InvalidKeyException e) {
      throw new IOException(e.getMessage(), e);
    }
  }
}
