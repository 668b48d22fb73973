import { startProxmox } from "@kappa4/simulator";

const token = { id: "automation@pve!kappa4", secret: "11111111-2222-4333-8444-555555555555" };
const simulator = await startProxmox({ version: "9.1", tokens: [token] });

// Any client can do this over HTTPS: simulator.url is the address, simulator.ca the authority to trust.
await simulator.fetch(`${simulator.url}/api2/json/nodes/pve1/qemu/102/migrate`, {
  method: "POST",
  headers: { authorization: `PVEAPIToken=${token.id}=${token.secret}` },
  body: new URLSearchParams({ target: "pve4", online: "1" }),
});
simulator.advance(60_000);

console.log(simulator.guest(102).node, simulator.moves.at(-1)?.exitstatus);
await simulator.close();
