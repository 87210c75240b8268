package dev.modelsigning.cli.serve;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Hands out the certificate of this server that is current when a connection begins. A handshake
 * asks for it and for its key one after the other, and gets those of one identity.
 */
final class ServerKeyManager extends X509ExtendedKeyManager {

  /** Handshakes take less time than it takes to reload the files so often. */
  private static final int MOST = 4;

  private final Supplier<TlsIdentity> current;
  private final Map<String, TlsIdentity> handedOut =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, TlsIdentity> eldest) {
          return size() > MOST;
        }
      };

  ServerKeyManager(Supplier<TlsIdentity> current) {
    this.current = current;
  }

  private synchronized @Nullable String choose(String keyType) {
    TlsIdentity identity = current.get();
    if (!keyType.equals(identity.keyType()) && !keyType.startsWith(identity.keyType() + "_")) {
      return null;
    }
    String alias = Long.toString(identity.number());
    handedOut.put(alias, identity);
    return alias;
  }

  private synchronized Optional<TlsIdentity> identity(String alias) {
    return Optional.ofNullable(handedOut.get(alias));
  }

  @Override
  public @Nullable String chooseEngineServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
    return choose(keyType);
  }

  @Override
  public @Nullable String chooseServerAlias(
      String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return choose(keyType);
  }

  @Override
  public X509Certificate @Nullable [] getCertificateChain(String alias) {
    return identity(alias).map(found -> found.chain().toArray(X509Certificate[]::new)).orElse(null);
  }

  @Override
  public @Nullable PrivateKey getPrivateKey(String alias) {
    return identity(alias).map(TlsIdentity::key).orElse(null);
  }

  @Override
  public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // nobody asks for all
  }

  @Override
  public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
    return null; // no client
  }

  @Override
  public @Nullable String chooseClientAlias(
      String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
    return null; // no client
  }
}
