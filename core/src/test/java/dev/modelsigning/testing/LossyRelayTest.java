package dev.modelsigning.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A relay counts what goes through it, and loses one connection where it was told to. */
@Timeout(60)
class LossyRelayTest {

  private ServerSocket server;
  private LossyRelay relay;

  @BeforeEach
  void start() throws Exception {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    relay = new LossyRelay("127.0.0.1:" + server.getLocalPort());
  }

  @AfterEach
  void end() throws Exception {
    relay.close();
    server.close();
  }

  private Socket connect() throws IOException {
    String address = relay.address();
    return new Socket(
        InetAddress.getLoopbackAddress(),
        Integer.parseInt(address.substring(address.indexOf(':') + 1)));
  }

  /** Sends so many bytes to the server, which answers with as many, and returns how many come. */
  private int exchange(int asked, int answered) throws Exception {
    CompletableFuture<Integer> received =
        CompletableFuture.supplyAsync(() -> {
          try (Socket connection = server.accept()) {
            int count = connection.getInputStream().readAllBytes().length;
            connection.getOutputStream().write(new byte[answered]);
            return count;
          } catch (IOException e) {
            return -1;
          }
        });
    try (Socket connection = connect()) {
      OutputStream out = connection.getOutputStream();
      InputStream in = connection.getInputStream();
      out.write(new byte[asked]);
      connection.shutdownOutput();
      int count = in.readAllBytes().length;
      assertThat(received.get()).isEqualTo(asked);
      return count;
    }
  }

  @Test
  void countsBothWays() throws Exception {
    assertThat(exchange(100_000, 50_000)).isEqualTo(50_000);
    assertThat(exchange(1, 2)).isEqualTo(2);

    assertThat(relay.sent()).isEqualTo(100_001);
    assertThat(relay.received()).isEqualTo(50_002);
  }

  @Test
  void losesTheConnectionByWhichTooMuchComesOnce() throws Exception {
    exchange(1, 1);
    relay.loseAfterReceiving(70_000);
    assertThat(exchange(1, 40_000)).isEqualTo(40_000);

    assertThat(exchange(1, 100_000)).isEqualTo(30_000);
    assertThat(relay.received()).isEqualTo(1 + 70_000);

    assertThat(exchange(1, 100_000)).isEqualTo(100_000);
  }

  @Test
  void losesTheConnectionByWhichTooMuchIsSentOnce() throws Exception {
    relay.loseAfterSending(1_000);
    CompletableFuture<Integer> received =
        CompletableFuture.supplyAsync(() -> {
          try (Socket connection = server.accept()) {
            return connection.getInputStream().readAllBytes().length;
          } catch (IOException e) {
            return -1;
          }
        });
    try (Socket connection = connect()) {
      OutputStream out = connection.getOutputStream();
      assertThatThrownBy(
              () -> {
                while (true) {
                  out.write(new byte[10_000]);
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(received.get()).isEqualTo(1_000);
    assertThat(relay.sent()).isEqualTo(1_000);
    assertThat(exchange(5_000, 1)).isEqualTo(1);
  }
}
