package dev.modelsigning.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NoProxyTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *                          | any.example       | 443
          example.com                | example.com       | 443
          example.com                | EXAMPLE.com.      | 443
          Example.COM.               | a.b.example.com   | 443
          .example.com               | example.com       | 443
          .example.com               | a.example.com     | 443
          *.example.com              | a.example.com     | 443
          a, ,b example.com ,        | example.com       | 443
          example.com:8443           | a.example.com     | 8443
          *:8443                     | any.example       | 8443
          10.1.2.3                   | 10.1.2.3          | 80
          10.1.2.3:8080              | 10.1.2.3          | 8080
          10.0.0.0/8                 | 10.255.0.1        | 80
          10.1.2.3/32                | 10.1.2.3          | 80
          0.0.0.0/0                  | 192.0.2.1         | 80
          192.168.4.0/22             | 192.168.7.255     | 80
          2001:db8::1                | [2001:db8:0::1]   | 443
          [2001:db8::1]              | [2001:DB8::1]     | 443
          [2001:db8::1]:8443         | [2001:db8::1]     | 8443
          2001:db8::/32              | [2001:db8:ffff::] | 443
          ::ffff:10.1.2.3            | 10.1.2.3          | 443
          intranet                   | intranet          | 80
          """)
  void covers(String list, String host, int port) {
    assertThat(NoProxy.of(list).covers(host, port)).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                         | any.example       | 443
          ., .. , */, /8, :80        | any.example       | 80
          example.com                | notexample.com    | 443
          example.com                | example.com.evil  | 443
          a.example.com              | example.com       | 443
          example.com:8443           | example.com       | 443
          10.1.2.3                   | 10.1.2.30         | 80
          1.2.3                      | 10.1.2.3          | 80
          .3                         | 10.1.2.3          | 80
          10.1.2.3:8080              | 10.1.2.3          | 80
          10.0.0.0/8                 | 11.0.0.1          | 80
          10.0.0.0/8                 | ten.example       | 80
          10.0.0.0/33                | 10.0.0.0          | 80
          10.0.0.0/                  | 10.0.0.0          | 80
          10.0.0.0/-1                | 10.0.0.0          | 80
          example.com/8              | example.com       | 80
          192.168.4.0/22             | 192.168.8.0       | 80
          999.1.1.1                  | 10.1.1.1          | 80
          2001:db8::/32              | [2001:db9::]      | 443
          2001:db8::/32              | 32.1.13.184       | 443
          [2001:db8::1]:8443         | [2001:db8::1]     | 443
          zz::1                      | [2001:db8::1]     | 443
          """)
  void coversNothingElse(String list, String host, int port) {
    assertThat(NoProxy.of(list).covers(host, port)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost",
        "LOCALHOST.",
        "a.localhost",
        "127.0.0.1",
        "127.1.2.3",
        "[::1]",
        "[0:0::1]",
        "[::ffff:127.0.0.1]"
      })
  void knowsThisMachine(String host) {
    assertThat(NoProxy.isLoopback(host)).isTrue();
  }

  @Test
  void takesNoOtherForThisMachine() {
    for (String host :
        new String[] {"localhost.example", "notlocalhost", "128.0.0.1", "127.0.0.1.example"}) {
      assertThat(NoProxy.isLoopback(host)).as(host).isFalse();
    }
  }
}
