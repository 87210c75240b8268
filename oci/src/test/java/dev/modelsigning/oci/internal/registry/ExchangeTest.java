package dev.modelsigning.oci.internal.registry;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where requests to a registry go. */
class ExchangeTest {

  private static Exchange exchange(String name) {
    return new Exchange(name, RegistrySettings.of(Map.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "registry.example.com, https://registry.example.com",
    "registry.example.com:5000, https://registry.example.com:5000",
    "10.0.0.1:5000, https://10.0.0.1:5000",
    "a.localhost:5000, https://a.localhost:5000",
    "localhost:5000, http://localhost:5000",
    "127.0.0.2, http://127.0.0.2",
    "[::1]:5000, http://[::1]:5000",
    "localhost:443, https://localhost:443",
    "docker.io, https://registry-1.docker.io",
    "index.docker.io, https://registry-1.docker.io",
  })
  void usesTlsButOnThisMachine(String name, String address) {
    assertThat(exchange(name).uri("a/b", "manifests/c"))
        .isEqualTo(URI.create(address + "/v2/a/b/manifests/c"));
  }

  @Test
  void knowsItsOwnAddresses() {
    Exchange exchange = exchange("registry.example.com");
    assertThat(exchange.isOwn(URI.create("https://Registry.Example.com:443/x"))).isTrue();
    assertThat(exchange.isOwn(URI.create("http://registry.example.com/x"))).isFalse();
    assertThat(exchange.isOwn(URI.create("https://registry.example.com:8443/x"))).isFalse();
    assertThat(exchange.isOwn(URI.create("https://registry.example.com.evil.com/x"))).isFalse();
    assertThat(exchange.isOwn(URI.create("https://evil.com/registry.example.com"))).isFalse();
  }
}
