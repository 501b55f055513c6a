package io.github.clusterboot.it.app;

/**
 * What an application knows of the connection that a request came over.
 *
 * @param remoteAddress the client's address
 * @param remotePort the client's port
 * @param localAddress the address that the client has connected to
 * @param localPort the port that the client has connected to
 * @param serverPort the port in the request's {@code Host} header
 */
public record ConnectionReport(String remoteAddress, int remotePort, String localAddress, int localPort,
		int serverPort) {

}
